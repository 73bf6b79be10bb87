import { getMetadataStorage } from 'class-validator';
import type { FieldError } from './problem.js';

type Constructor = new () => object;
type Within = { readonly list?: { readonly min: number; readonly max: number }; readonly cls?: () => Constructor };

/** How deep JSON may go; no route takes a tenth of it. Whatever walks over a body later may call itself for each level. */
export const mostDepth = 64;

/** Objects in one body: class-validator takes some 40 µs for each, and nobody else is served meanwhile. */
const mostObjects = 20_000;

/** So many faults of shape are told; whoever sends more is not helped by the rest. */
const enough = 100;

const known = new WeakMap<object, Map<string, Within>>();

/** Says of a field that it is a list of so many, holds an object of that class, or both. */
export const shaped = (within: Within): PropertyDecorator => (prototype, name) => void known.set(prototype, (known.get(prototype) ?? new Map<string, Within>()).set(String(name), within));

/**
 * Why looking further at a body would cost too much: unknown names, lists that are too long, too much of everything. Looks at no more than the class
 * knows, so that what a body costs is bounded before anything is made of it. Empty where the body may be looked at in full, which then tells all.
 */
export const excessesOf = (cls: Constructor, body: object): readonly FieldError[] => {
  const faults: FieldError[] = [];
  let [objects, grave] = [0, false];
  const look = (of: Constructor, value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || grave) return;
    objects += 1;
    if (objects > mostObjects) return tell(path, 'size', `در یک درخواست حداکثر ${mostObjects} عضو می‌آید؛ آن را چند درخواست کنید یا فایل بفرستید`, `is more than the ${mostObjects} objects of one request; send several, or a file`, true);
    const names = namesOf(of);
    for (const name of Object.keys(value)) if (!names.has(name)) tell(at(path, name), 'unknown-field', ...unknownField);
    for (const [name, { list, cls: inner }] of withinOf(of)) {
      const field = (value as Record<string, unknown>)[name];
      if (!Array.isArray(field)) {
        if (inner !== undefined) look(inner(), field, at(path, name));
      } else if (list === undefined) tell(at(path, name), 'object', ...notAnObject, true);
      else if (field.length > list.max) tell(at(path, name), 'size', ...sizeWords(list.min, list.max), true);
      else if (inner !== undefined) field.forEach((one, n) => look(inner(), one, `${at(path, name)}[${n}]`));
    }
  };
  const tell = (path: string, code: string, fa: string, en: string, costly = false): void => {
    if (grave) return;
    faults.push({ path, code, fa, en });
    grave ||= costly || faults.length >= enough;
  };
  look(cls, body, '');
  return grave ? faults : [];
};

/** Whether parsed JSON goes deeper than allowed. No recursion: that is what it protects. A body that is a stream is not looked into. */
export const tooDeep = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null || !(Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)) return false;
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > mostDepth) return true;
    const next: object[] = [];
    for (const one of level) for (const inner of Object.values(one) as unknown[]) if (typeof inner === 'object' && inner !== null) next.push(inner);
    level = next;
  }
  return false;
};

/** A path as a client writes it; of a name that goes on and on only the beginning. */
export const at = (path: string, name: string): string => (path === '' ? name.slice(0, longestName) : `${path}.${name.slice(0, longestName)}`);
const longestName = 100;

export const notAnObject = ['باید یک شیء JSON باشد', 'must be a JSON object'] as const;
export const unknownField = ['چنین فیلدی نداریم؛ آن را بردارید یا نامش را درست کنید', 'is not a known field; remove it or mend its name'] as const;
export const sizeWords = (min: number, max: number) => [`باید ${min} تا ${max} عضو داشته باشد`, `must have ${min} to ${max} members`] as const;

const namesByClass = new WeakMap<Constructor, ReadonlySet<string>>();

/** The names that some rule stands at. */
const namesOf = (cls: Constructor): ReadonlySet<string> => {
  const found = namesByClass.get(cls) ?? new Set(getMetadataStorage().getTargetValidationMetadatas(cls, '', false, false).map(({ propertyName }) => propertyName));
  namesByClass.set(cls, found);
  return found;
};

/** Those of a class and of the classes it extends. */
const withinOf = (cls: Constructor): (readonly [string, Within])[] => {
  const all: (readonly [string, Within])[] = [];
  for (let prototype: object | null = cls.prototype as object; prototype !== null; prototype = Object.getPrototypeOf(prototype) as object | null) all.push(...(known.get(prototype) ?? []));
  return all;
};
