import type { Diagnostic } from '../domain/errors.ts'

/*
 * What word processors and web pages put in the place of YAML's own characters: bullets and long dashes for "- ",
 * other spaces, invisible characters. To a parser they are letters like any other, and what it says of them helps
 * nobody: so, where a file has problems, these are reported as their cause.
 */

interface Kind {
  /** Finds a `sign` in a line; a `name` after or before it must be the name of a field. */
  find: RegExp
  message: string
  hint: string
}

const SPACE = {
  message: 'what looks like a space here is another character, from a word processor or a web page',
  hint: 'Delete it and type a space.',
}
const ITEM = {
  message: 'there is "SIGN" here where YAML needs "- "',
  hint: 'Start each list item with "- ".',
}
const KINDS: readonly Kind[] = [
  {
    find: /^(?<sign>```[\w-]*)\s*$/d,
    message: '"SIGN" here is not part of the file; it comes from a web page or a chat',
    hint: 'Delete the line.',
  },
  {
    find: /^(?<sign>\.\.\.)\s*$/d,
    message: 'a line of "..." ends the file here; nothing below it is read',
    hint: 'Delete the line. Inside a text, indent it by two more spaces.',
  },
  {
    find: /^[^\S\t]*?(?<sign>[\u200b-\u200d\u2060\ufeff])/d,
    message: 'there is an invisible character here, often copied from a web page',
    hint: 'Delete everything before this name, and type the name again.',
  },
  { find: /^ *(?<sign>[^\S \t\r\n])/d, ...SPACE },
  { find: /^ *(?:- +)*[\w.-]+: *(?<sign>[^\S \t\r\n])/d, ...SPACE },
  {
    find: /^ *-(?<sign>\t)/d,
    message: 'there is a tab here where YAML needs a space',
    hint: 'Put one space after the dash of a list item.',
  },
  {
    find: /^ *(?:- +)*(?<name>[\w-]+)[ \t]*(?<sign>[;；：])/d,
    message: 'there is "SIGN" here where YAML needs ":" and a space',
    hint: 'Write "NAME: …".',
  },
  {
    find: /^[^:]*:[ \t]+(?<sign>[“”"'‘’][>|≥][-+]?[“”"'‘’]|[-–—][>›]|≥|›-?|[>|][–—])\s*$/d,
    message: 'there is "SIGN" here where YAML needs ">-"',
    hint: 'Write ">-", and the text on the next line, indented.',
  },
  { find: /^ *(?<sign>[•◦▪‣·–—*]|\d{1,2}[.)])[ \t]+(?<name>[\w-]+)[ \t]*:/d, ...ITEM },
  {
    find: /^ *(?<sign>-)(?<name>[a-z][\w-]*)[ \t]*:/d,
    ...ITEM,
    message: 'a space is missing here after the dash',
  },
]

const LONGEST = 1000

/** Each kind of character that looks like one of YAML's own, where it first stands outside of texts. */
export function confusables(text: string, words: ReadonlySet<string>): Diagnostic[] {
  // JSON has none of these signs.
  if (/^\s*[{[]/.test(text)) return []
  const found = new Map<string, Diagnostic & { times: number }>()
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
    for (const { find, message, hint } of KINDS) {
      const match = find.exec(line)
      const { sign = '', name } = match?.groups ?? {}
      const column = match?.indices?.groups?.sign?.[0]
      if (column === undefined || (name !== undefined && !words.has(name))) continue
      const before = found.get(hint)
      if (before) before.times++
      else
        found.set(hint, {
          line: i + 1,
          column: column + 1,
          ...filled({ message, hint }, sign, name),
          times: 1,
        })
    }
  }
  return [...found.values()].map(({ times, message, ...rest }) => ({
    ...rest,
    message: times > 1 ? message.replace(' here', ' here and below') : message,
  }))
}

const filled = ({ message, hint }: Omit<Kind, 'find'>, sign: string, name = '') => ({
  message: message.replace('SIGN', () => sign),
  hint: hint.replace('NAME', () => name),
})

/** The column of the field or the dash whose text begins in a line; no column is as far right where none does. */
function textBegunIn(line: string): number {
  const [, front = '', name, value = ''] = /^( *(?:- +)*)([\w.-]+[ \t]*:(?=\s|$))?\s*(\S?)/.exec(line) ?? []
  if (value === '' || value === '#') return Number.POSITIVE_INFINITY
  return name === undefined ? Math.max(front.lastIndexOf('- '), line.search(/[^ ]/)) : front.length
}
