import * as z from 'zod/mini'
import { ID } from '../domain/guide.ts'

/* What is said of a wrong one has two lines: the problem, and what to do. */

export const text = z.string().check(z.regex(/\S/, 'is empty\nWrite a text, or delete the field.'))

export const id = z.string().check(
  z.regex(ID, {
    error: ({ input }) =>
      `should be lowercase letters and digits, joined by . _ or -\nFor example: "${correctedId(String(input))}".`,
  }),
)

/** An address that is only a scheme, or holds a space, leads nowhere. */
export const address = z.string().check(
  z.regex(/^https?:\/\/[^\s/]+\S*$/, {
    error: ({ input }) =>
      `should be an address that starts with https://\n${/^[^\s/:]+\.[^\s]+$/.test(String(input)) ? `Did you mean "https://${input}"?` : 'Copy all of it from the browser, such as https://www.example.org/story.'}`,
  }),
)

/** Only its form: a pattern cannot know all languages. */
export const languageTag = z.string().check(
  z.regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, {
    error: ({ input }) => `should be a language code\n${languageRemedy(String(input))}`,
  }),
)

/** The id of something defined elsewhere. */
export const reference = (to: string) => z.string().check(z.regex(ID, `is not an id\nWrite the id of ${to}.`))

/** The nearest id to a text that is none. */
const correctedId = (wrong: string) =>
  wrong
    .split(/([._-])/)
    .map((part, i) => (i % 2 === 0 ? asId(part) : part))
    .join('')
    .replace(/([._-])[._-]+/g, '$1')
    .replace(/^[._-]+|[._-]+$/g, '') || 'a'

/** Any words as an id: `Élément A` becomes `element-a`. */
export function asId(words: string): string {
  return words
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/** `Did you mean "es"?` for Spanish, español and es_MX. */
export function languageRemedy(wrong: string): string {
  const dashed = wrong.replaceAll('_', '-')
  if (dashed !== wrong && isLanguage(dashed)) return `Did you mean "${dashed}"?`
  const english = namesIn('en')
  const isMeant = (code: string, names: Intl.DisplayNames) =>
    names.of(code)?.toLowerCase() === wrong.toLowerCase()
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  const found = letters
    .flatMap(first => letters.map(second => first + second))
    .find(
      code => isMeant(code, english) || (code === asId(wrong).slice(0, 2) && isMeant(code, namesIn(code))),
    )
  return found ? `Did you mean "${found}"?` : 'Write a language code such as en, es or zh-Hant.'
}

const namesIn = (language: string) =>
  new Intl.DisplayNames([language], { type: 'language', fallback: 'none' })

/** Whether a well-formed tag names a known language. */
export function isLanguage(tag: string): boolean {
  // The names of all languages take a third of a bare start to load.
  if (tag === 'en') return true
  try {
    return namesIn('en').of(new Intl.Locale(tag).language) !== undefined
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
