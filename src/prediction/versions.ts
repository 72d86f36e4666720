/** Orders versions, the newer first; 1.0.0-rc.1 comes before 1.0.0. */
export function newerFirst(a: string, b: string): number {
  const [[first = '', early = ''], [second = '', late = '']] = [a.split(/-(.*)/, 2), b.split(/-(.*)/, 2)];
  const numbers = second.localeCompare(first, 'en', { numeric: true });
  if (numbers !== 0 || early === late) return numbers;
  if (early === '' || late === '') return early === '' ? -1 : 1;
  return late.localeCompare(early, 'en', { numeric: true });
}
