/** Keys of JSON by which an object could become another: refused wherever JSON comes in (Fastify's own reader does it for bodies that are JSON). */

const isPrototypeKey = (key: string, value: unknown): boolean =>
  key === '__proto__' || (key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype'));

const refusal = () => Object.assign(new Error('A key names the prototype of an object.'), { statusCode: 400 });

/** For `JSON.parse`. */
export function withoutPrototypes(this: unknown, key: string, value: unknown): unknown {
  if (isPrototypeKey(key, value)) throw refusal();
  return value;
}

/** The same of what was parsed already; looks into plain objects and lists. */
export function refusePrototypes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return;
  for (const [key, inner] of Object.entries(value)) {
    if (isPrototypeKey(key, inner)) throw refusal();
    refusePrototypes(inner);
  }
}
