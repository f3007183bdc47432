import { settings } from '../settings.svelte';

type Text = string | ((...parts: never[]) => string);

/** The same keys, with texts that take the same parts. */
type Same<T> = { readonly [K in keyof T]: T[K] extends (...parts: infer P) => string ? (...parts: P) => string : string };

/** Every area of the catalogue, for the test that compares the languages. */
export const areas: { en: Record<string, Text>; id: Record<string, Text> }[] = [];

/**
 * The texts of a part of the admin in both languages; one that lacks a text does not pass the type check. What is
 * read from it is in the language of the moment and follows when that changes.
 */
export function area<T extends Record<string, Text>>(en: T, id: Same<T>): Same<T> {
  areas.push({ en, id: id as Record<string, Text> });
  return new Proxy(en, {
    get: (_, key) => (settings.language === 'id' ? id : en)[key as keyof T],
  }) as unknown as Same<T>;
}
