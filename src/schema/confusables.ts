import type { Diagnostic } from '../domain/errors.ts'

/*
 * What word processors and web pages put in the place of YAML's own characters: bullets and long dashes for "- ",
 * other spaces, invisible characters. To a parser they are letters like any other, and what it says of them helps
 * nobody: so, where a file has problems, these are reported as their cause.
 */

const SPACE = 'what looks like a space here is another character, from a word processor or a web page'
const DASH = 'Start each list item with "- ".'

/** What finds a `sign` in a line, perhaps with the `name` of a field; what is said of it, and what to do. */
const KINDS: readonly (readonly [RegExp, message: string, hint: string])[] = [
  [
    /^(?<sign>```[\w-]*)\s*$/d,
    '"SIGN" here is not part of the file; it comes from a web page or a chat',
    'Delete the line.',
  ],
  [
    /^(?<sign>\.\.\.)\s*$/d,
    'a line of "..." ends the file here; nothing below it is read',
    'Delete the line. Inside a text, indent it by two more spaces.',
  ],
  [
    /^[^\S\t]*?(?<sign>[\u200b-\u200d\u2060\ufeff])/d,
    'there is an invisible character here, often copied from a web page',
    'Delete everything before this name, and type the name again.',
  ],
  [/^ *(?<sign>[^\S \t\r\n])/d, SPACE, 'Delete it and type a space.'],
  [/^ *(?:- +)*[\w.-]+: *(?<sign>[^\S \t\r\n])/d, SPACE, 'Delete it and type a space.'],
  [
    /^ *-(?<sign>\t)/d,
    'there is a tab here where YAML needs a space',
    'Put one space after the dash of a list item.',
  ],
  [
    /^ *(?:- +)*(?<name>[\w-]+)[ \t]*(?<sign>[;；：])/d,
    'there is "SIGN" here where YAML needs ":" and a space',
    'Write "NAME: …".',
  ],
  [
    /^[^:]*:[ \t]+(?<sign>[“”"'‘’][>|≥][-+]?[“”"'‘’]|[-–—][>›]|≥|›-?|[>|][–—])\s*$/d,
    'there is "SIGN" here where YAML needs ">-"',
    'Write ">-", and the text on the next line, indented.',
  ],
  [
    /^ *(?<sign>[•◦▪‣·–—*]|\d{1,2}[.)])[ \t]+(?<name>[\w-]+)[ \t]*:/d,
    'there is "SIGN" here where YAML needs "- "',
    DASH,
  ],
  [/^ *(?<sign>-)(?<name>[a-z][\w-]*)[ \t]*:/d, 'a space is missing here after the dash', DASH],
]

const LONGEST = 1000

/** The first place, outside of texts, of each kind of character that looks like one of YAML's own. */
export function confusables(text: string, words: ReadonlySet<string>): Diagnostic[] {
  // JSON has none of these signs.
  if (/^\s*[{[]/.test(text)) return []
  const found = new Map<string, Diagnostic>()
  let textColumn = Number.POSITIVE_INFINITY
  // At the very end, dots change nothing.
  const lines = text
    .trimEnd()
    .replace(/\n\.\.\.$/, '')
    .split('\n')
  for (const [i, whole] of lines.entries()) {
    const line = whole.slice(0, LONGEST)
    // What is indented further than the field or the dash before a text goes on with that text.
    if (line.trim() === '' || line.search(/[^ ]/) > textColumn) continue
    textColumn = textBegunIn(line)
    if (/^\s*#/.test(line)) continue
    for (const [find, message, hint] of KINDS) {
      const { groups: { sign = '', name } = {}, indices } = find.exec(line) ?? {}
      const column = indices?.groups?.sign?.[0]
      if (column === undefined || (name !== undefined && !words.has(name))) continue
      const before = found.get(hint)
      if (before) before.message = before.message.replace(/ here(?! and below)/, ' here and below')
      else
        found.set(hint, {
          ...{ line: i + 1, column: column + 1, message: message.replace('SIGN', () => sign) },
          hint: hint.replace('NAME', () => name ?? ''),
        })
    }
  }
  return [...found.values()]
}

/** The column of the field or the dash whose text begins in a line; no column is as far right where none does. */
function textBegunIn(line: string): number {
  const [, front = '', name, value = ''] = /^( *(?:- +)*)([\w.-]+[ \t]*:(?=\s|$))?\s*(\S?)/.exec(line) ?? []
  if (value === '' || value === '#') return Number.POSITIVE_INFINITY
  return name === undefined ? Math.max(front.lastIndexOf('- '), line.search(/[^ ]/)) : front.length
}
