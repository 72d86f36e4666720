/** GraphQL's messages on values that do not fit their type, without the value: it may be a patient's. */

const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^(\w+ cannot represent [^:]*): [\s\S]*$/, '$1.'],
  [/^(Enum "\w+" cannot represent [^:]*): [\s\S]*$/, '$1.'],
  [/^Value [\s\S]* does not exist in "(\w+)" enum[\s\S]*$/, 'The value does not exist in "$1" enum.'],
  [/^(Expected value of type "[^"]+"), found [\s\S]*$/, '$1.'],
];

export function withoutValue(message: string): string {
  const [pattern, instead] = PARTS.find(([one]) => one.test(message)) ?? [];
  return pattern && instead ? message.replace(pattern, instead) : message;
}
