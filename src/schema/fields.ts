import * as z from 'zod/mini'
import { ID } from '../domain/guide.ts'

/*
 * The fields that guides and plans are made of. What is said of a wrong one stands in two lines: what is wrong, and
 * what to do.
 */

export const text = z
  .string()
  .check(z.regex(/\S/, 'has no text\nWrite a text there, or take it out with its name.'))

export const id = z.string().check(
  z.regex(ID, {
    error: ({ input }) =>
      `should be small letters and digits, joined by . _ or -\nWrite it as "${mendedId(String(input))}", for example.`,
  }),
)

/** A scheme alone, or with a space in it, leads nowhere. */
export const address = z.string().check(
  z.regex(/^https?:\/\/[^\s/]+\S*$/, {
    error: ({ input }) =>
      `should be an address that begins with https://\n${/^[^\s/:]+\.[^\s]+$/.test(String(input)) ? `Did you mean "https://${input}"?` : 'Copy it whole from the browser, such as https://www.example.org/story.'}`,
  }),
)

/** Only its form: whether there is such a language is not for a pattern to say. */
export const languageTag = z.string().check(
  z.regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, {
    error: ({ input }) => `should be the short name of a language\n${languageRemedy(String(input))}`,
  }),
)

/** The id of something that stands elsewhere. */
export const reference = (to: string) => z.string().check(z.regex(ID, `is no id\nWrite the id of ${to}.`))

/** An id that was nearly one, with the signs that may join its parts. */
const mendedId = (wrong: string) =>
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

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']

/** `Did you mean "es"?` for Spanish, español and es_MX. */
export function languageRemedy(wrong: string): string {
  const usual = 'Write a short name such as en, es or zh-Hant.'
  const dashed = wrong.replaceAll('_', '-')
  if (dashed !== wrong && isLanguage(dashed)) return `Did you mean "${dashed}"?`
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })
  const found = LETTERS.flatMap(first => LETTERS.map(second => first + second)).find(code => {
    if (names.of(code)?.toLowerCase() === wrong.toLowerCase()) return true
    return code === asId(wrong).slice(0, 2) && nameOfItself(code) === wrong.toLowerCase()
  })
  return found ? `Did you mean "${found}"?` : usual
}

const nameOfItself = (code: string) =>
  new Intl.DisplayNames([code], { type: 'language', fallback: 'none' }).of(code)?.toLowerCase()

/** Whether a tag of the right form names a language that somebody speaks. */
export function isLanguage(tag: string): boolean {
  // The names of all languages take a third of a bare start to load.
  if (tag === 'en') return true
  try {
    const [canonical = ''] = Intl.getCanonicalLocales(tag)
    const language = new Intl.Locale(canonical).language
    return new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(language) !== undefined
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
