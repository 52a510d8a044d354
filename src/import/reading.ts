import { type Answers, counted, stateOf } from '../domain/answers.ts'
import type { Guide, QuestionId } from '../domain/guide.ts'
import { codeSpan, escaped, holds, linked, MARK, tableLines } from '../notes/markdown.ts'
import type { GivenOutcome } from '../schema/answers.ts'

/* Readers make a page of a file, before any guide is asked; and of that, or of a table, a plan for a guide. */

/** What a file holds for a guide, as a plan: nothing is written yet. */
export interface Reading {
  /** One person's or group's answers, or those of each row of a table. */
  groups: Group[]
  /** What was decided, and what was left out without a loss, in words. */
  told: string[]
  left: Left[]
  /** What could mean several questions; it is among what is left, until somebody says which. */
  unclear: Unclear[]
  /** The heads of a table, by which its columns are known again. */
  heads?: string[]
  /** Each answer has its id in the file, so that there is nothing to account for. */
  isExact?: boolean
  /** Several groups' answers, gathered by us. */
  isDigest?: boolean
  actions?: GivenOutcome[] | undefined
}

export interface Group {
  /** Which row of a table, counted below its heads. */
  row?: number
  name?: string
  answers: Answers
  jots: string
}

/** Words that went to no question. */
export interface Left {
  where: string
  text: string
}

interface Unclear extends Left {
  /** Tells it from others of its file. */
  key: string
  ids: QuestionId[]
}

/** Which question each unclear place means, by its key; an empty id if it was said to be none of them. */
export type Decided = ReadonlyMap<string, QuestionId>

/** What is said before anything is written: the sums, what was left over and where, and what was decided. */
export function accounting(name: string, reading: Reading, guide: Guide): string[] {
  const { groups, told, left, isExact, isDigest } = reading
  if (isExact) return told
  if (isDigest && groups.length === 0)
    return [`${name}: a digest or a brief. Use the notes it was made from.`]
  const answered = (id: QuestionId, { answers }: Group) => stateOf(answers, id) === 'answered'
  const taken = groups.reduce(
    (sum, group) => sum + [...group.answers.keys()].filter(id => answered(id, group)).length,
    0,
  )
  const silent = guide.questions.filter(({ id }) => !groups.some(group => answered(id, group))).length
  const sums = [
    ...(groups.length === 1
      ? []
      : [counted(groups.length, groups[0]?.name && groups[0].row === undefined ? 'group' : 'row')]),
    `${counted(taken, 'answer')} taken`,
    ...(left.length > 0 ? [`${left.length} left over`] : []),
    ...(silent > 0 ? [`${counted(silent, 'question')} without an answer`] : []),
  ]
  return [
    `${name}: ${sums.join(' · ')}`,
    ...left.map(({ where, text }) => `  left over, ${where}: ${text.replace(/\s*\n\s*/g, ' / ')}`),
    ...told.map(sentence => `  ${sentence}`),
  ]
}

/** What a file of words holds, whatever program wrote it: pieces in their order, as Markdown. */
export interface Page {
  pieces: Piece[]
  /** The id of the guide that the file names. */
  guide?: string | undefined
  /** Several people's answers under each question: a digest. */
  digest?: boolean
}

/** A paragraph, an item of a list or a table. */
export interface Piece {
  text: string
  /** `line 12`, where the file has lines. */
  at?: string
  /** Of a heading. */
  level?: number
  /** The names of bookmarks in it. */
  marks?: string[]
  /** An item that continues a list. */
  tight?: boolean
  /** What in it was not taken as it stands. */
  remarks?: Remark[]
  /** Stands beside the text and belongs to no answer. */
  apart?: 'text box' | 'formula'
  /** Stands in the frame of the document, under its title. */
  frame?: boolean
  /** Of a table, row by row. */
  rows?: Cell[][]
}

export type Remark = 'tracked' | 'picture' | 'comment' | 'footnote' | 'hidden text'

export interface Cell {
  pieces: Piece[]
  marks: string[]
  /** Names of paragraph styles. */
  styles: Set<string>
}

/** Pieces as one text. */
export const joined = (pieces: readonly Piece[]) =>
  pieces
    .filter(({ text }) => text !== '')
    .map(({ text, level, tight }, i) => {
      const heading = level === undefined ? '' : `${'#'.repeat(Math.min(level, 6))} `
      return `${i === 0 ? '' : tight ? '\n' : '\n\n'}${heading}${text}`
    })
    .join('')

/** The words of an item of a list, at its depth and behind its marker; without one, they continue an item. */
export function asItem(words: string, marker: string, depth: number): string {
  const [box, glyph] = /^([☐☑☒])\s*/u.exec(words) ?? []
  const text = box === undefined ? words : `[${glyph === '☐' ? ' ' : 'x'}] ${words.slice(box.length)}`
  const indent = ' '.repeat(4 * Math.max(marker === '' ? depth : depth - 1, 0))
  const inner = marker === '' ? indent : indent + ' '.repeat(marker.length + 1)
  return `${indent}${marker && `${marker} `}${text.replaceAll('\n', `\n${inner}`)}`
}

/** Words of one look. */
export interface Run {
  text: string
  strong?: boolean
  emphasis?: boolean
  strike?: boolean
  code?: boolean
  href?: string | undefined
}

const MARKS = ['strong', 'emphasis', 'strike'] as const
const LOOKS = [...MARKS, 'code', 'href'] as const
const isDressed = (run: Run) => MARKS.some(mark => run[mark])

/** Words with their looks as Markdown. Signs that people typed stay signs; numbers and bullets they typed are lists. */
export function markdownOf(runs: readonly Run[]): string {
  const merged: Run[] = []
  for (const { ...run } of runs) {
    const last = merged.at(-1)
    // Two marks side by side would be taken for one: what both have in common is kept.
    if (last && isDressed(last) && isDressed(run) && /\S$/.test(last.text) && /^\S/.test(run.text))
      for (const look of MARKS) if (last[look] !== run[look]) last[look] = run[look] = false
    if (last && LOOKS.every(look => (last[look] || '') === (run[look] || ''))) last.text += run.text
    else if (run.text !== '') merged.push(run)
  }
  const parts = merged.map((run, i) =>
    run.text
      .split('\n')
      .map(line => dressed(line, run, merged[i - 1]?.text.at(-1), merged[i + 1]?.text[0]))
      .join('\n'),
  )
  return parts
    .join('')
    .split('\n')
    .map(line => line.trim().replace(LINE_START, '\\$&'))
    .join('\n')
    .trim()
}

/** Would begin a heading or a quote, or be a line across. */
const LINE_START = /^(?:#{1,6}(?= |$)|>|(?:[-=_|: ]|\\\*){3,}$|~~~|\|)/

function dressed(line: string, run: Run, before = '', after = ''): string {
  const words = line.trim()
  if (words === '') return line
  const head = line.slice(0, line.length - line.trimStart().length)
  const tail = line.slice(line.trimEnd().length)
  if (run.code) return `${head}${codeSpan(words)}${tail}`
  const marks = holds(head || before, words, tail || after) ? MARKS.filter(mark => run[mark]) : []
  const around = marks.map(mark => MARK[mark]).join('')
  const plain = escaped(words, { links: true })
  // A sign of its own at a mark would be taken for a part of it.
  const inside = around ? plain.replace(/^~|(?<!\\)~$/g, '\\~') : plain
  const text = around + inside + [...around].reverse().join('')
  // Programs make such a link of an address as it is typed.
  if ([words, `${words}/`, `mailto:${words}`].includes(run.href ?? '')) return line
  return head + (run.href === undefined ? text : linked(text, run.href)) + tail
}

/** Every row of a Markdown table is as wide as the widest: only attacks have more cells than this. */
const MOST_CELLS = 100_000

/** A table as Markdown; one cell alone, or a column of them, as its text. */
export function tableMarkdown(rows: readonly Cell[][]): string {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const texts = rows.map(row => row.map(({ pieces }) => joined(pieces)))
  if (columns < 2 || columns * rows.length > MOST_CELLS) return texts.flat().filter(Boolean).join('\n\n')
  const wide = texts.map(row => Array.from({ length: columns }, (_, i) => row[i] ?? ''))
  return tableLines(wide).join('\n')
}
