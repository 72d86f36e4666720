/** A function that is asked again and again about the same object, made to work its answer out once for each: for as long as the object is. */
export function oncePer<K extends object, Rest extends readonly unknown[], V>(
  of: (key: K, ...rest: Rest) => V,
): (key: K, ...rest: Rest) => V {
  const known = new WeakMap<K, { readonly made: V }>();
  return (key, ...rest) => {
    const kept = known.get(key) ?? { made: of(key, ...rest) };
    known.set(key, kept);
    return kept.made;
  };
}
