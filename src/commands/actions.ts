import { createHash } from 'node:crypto'
import { basename, dirname, extname, join, relative } from 'node:path'
import { UserError } from '../domain/errors.ts'
import { roundName } from '../domain/review.ts'
import { paragraph } from '../export/blocks.ts'
import { calendar, type DueDay, row } from '../export/data.ts'
import { afresh, type Document, documentOf } from '../export/document.ts'
import { chooseFormat, type Format } from '../export/formats.ts'
import { actionTables } from '../export/guide-document.ts'
import { excerpt } from '../export/summary.ts'
import { READABLE } from '../import/formats.ts'
import { type Findings, Reader, sentencesOf } from '../session/collect.ts'
import { dayHere, Rounds, type TrackedAction } from '../session/rounds.ts'
import { isDrawn, placeFor, showMarkdown } from '../session/write-document.ts'
import type { Content } from '../storage/atomic-file.ts'
import { findGuide } from '../storage/catalog.ts'
import { type Input, inputsOf, printNotice, writeResult } from '../storage/io.ts'
import { locate, noNotes, type Options } from '../storage/locate.ts'
import { lastChanged } from '../storage/notes-file.ts'

/** All actions of notes and of the rounds before them, by date, what is overdue first. */
export async function actions(names: string[], options: Options): Promise<number> {
  const [name, format] = formatOf(options)
  const inputs =
    names.length > 0 ? await inputsOf(names, { ...options, wanted: READABLE }) : await ownNotes(options)
  const { tracked, findings } = await trackedIn(inputs, options)
  tell(findings, format ? [] : tracked)
  const today = dayHere()
  const shown = tracked.filter(({ state }) => !options.open || state === 'open').sort(byDate(today))
  const content = format
    ? await written(shown, [name, format], today)
    : afresh(() => calendar(dueDays(tracked)))
  const place = placeFor(options, format ?? CALENDAR, join(dirname(inputs[0]?.path ?? ''), 'actions'), [
    ...findings.taken,
  ])
  const delivered = isDrawn(options, format ?? CALENDAR)
    ? await showMarkdown(content)
    : await writeResult(content, place)
  return findings.hasLeft || findings.leftOut.some(({ fault }) => fault) ? 1 : delivered
}

const CALENDAR = { file: true, endings: ['ics'] } as const

/** The format; undefined for a calendar. */
function formatOf(options: Options): [string, Format | undefined] {
  const asked = options.format ?? extname(options.output ?? '').slice(1)
  if (/^(?:ics|ical|icalendar|calendar)$/i.test(asked)) return ['ics', undefined]
  const [name, format] = chooseFormat(options)
  if (name !== 'yaml') return [name, format]
  throw new UserError("Actions can't be written as yaml. Choose markdown, html, docx, csv, json or ics.")
}

async function ownNotes(options: Options): Promise<Input[]> {
  const { path, notes } = await locate(options)
  if (notes) return [{ path, name: relative('', path), named: true }]
  throw noNotes(path, 'name notes files or a folder.')
}

async function trackedIn(
  inputs: readonly Input[],
  { guide, labelFolder }: Options,
): Promise<{ tracked: TrackedAction[]; findings: Findings }> {
  const rounds = new Rounds()
  const wanted = guide === undefined ? undefined : await findGuide(guide)
  const reader = new Reader(rounds, { guide: wanted, copies: 'merge' })
  await reader.readAll(inputs, ({ path }) => (labelFolder ? basename(dirname(path)) : undefined))
  for (let path = rounds.missing(); path !== undefined; path = rounds.missing())
    await reader.readAll([{ path, name: relative('', path), named: true }])
  if (rounds.size > 0) return { tracked: rounds.actions(), findings: reader.findings }
  const why = reader.findings.leftOut.map(({ message }) => `${message}\n`).join('')
  throw new UserError(`${why}No notes found to read actions from.`)
}

function tell(findings: Findings, forCalendar: readonly TrackedAction[]): void {
  const undated = forCalendar.filter(({ state, date }) => state === 'open' && date === undefined)
  printNotice([
    ...sentencesOf(findings),
    ...(undated.length > 0
      ? [
          `Not in the calendar, because no date was found: ${undated.map(({ what }) => excerpt(what, 60)).join('; ')}`,
        ]
      : []),
  ])
}

const isOverdue = ({ state, date }: TrackedAction, today: string) =>
  state === 'open' && date !== undefined && date < today

function byDate(today: string): (a: TrackedAction, b: TrackedAction) => number {
  const key = (action: TrackedAction) => `${isOverdue(action, today) ? 0 : 1} ${action.date ?? '9999'}`
  return (a, b) => (key(a) < key(b) ? -1 : Number(key(a) !== key(b)))
}

async function written(
  actions: readonly TrackedAction[],
  [name, format]: [string, Format],
  today: string,
): Promise<Content> {
  const rows = actions.map(({ what, who, when, date = null, group, since = null, state }) => {
    return { what, who, when, date, group, since, state }
  })
  if (name === 'json') return Buffer.from(`${JSON.stringify(rows, null, 2)}\n`)
  if (name !== 'csv' && format.carries === 'page') return format.write(listOf(actions, today))
  const head = ['what', 'who', 'when', 'date', 'group', 'since', 'state']
  return [`\ufeff${row(head)}`, ...rows.map(each => row(Object.values(each).map(value => value ?? '')))]
}

/** A table with the columns that say something: the group of several, and the round where not all are of this one. */
function listOf(actions: readonly TrackedAction[], today: string): Document {
  const [first] = actions
  if (!first) return { ...EMPTY, items: [{ kind: 'text', blocks: [paragraph('No actions.')], ours: true }] }
  const { guide } = first
  const rounds = actions.some(({ since }) => since !== undefined)
  const state = (action: TrackedAction) => (isOverdue(action, today) ? 'overdue' : action.state)
  const table = actionTables(
    guide,
    actions.map(action => ({ ...action, from: action.group })),
    actions.some(({ group }) => group !== first.group),
    {
      heads: ['State', ...(rounds ? ['Round'] : [])],
      cells: action => [state(action), ...(rounds ? [roundName(action.since)] : [])],
    },
  )
  const count = (wanted: string) => actions.filter(action => state(action) === wanted).length
  const counts = ['overdue', 'open', 'done', 'dropped'].map(each => `${count(each)} ${each}`)
  return documentOf(guide, {
    title: 'Actions',
    facts: [counts.filter(each => !each.startsWith('0 ')).join(', ')],
    items: [...table],
  })
}

const EMPTY = { language: 'en', title: 'Actions', facts: [], source: [] }

/** The open actions with a date, each under an id that stays when its date, its owner or its file's name changes. */
function* dueDays(actions: readonly TrackedAction[]): Generator<DueDay> {
  const times = new Map<string, number>()
  for (const { what, who, when, date, group, state, path, present, guide } of actions) {
    const words = excerpt(what, 200)
    const about = [basename(dirname(present)), basename(present), words.toLowerCase()]
    const time = (times.get(about.join('\n')) ?? 0) + 1
    times.set(about.join('\n'), time)
    if (state !== 'open' || date === undefined) continue
    yield {
      uid: `${createHash('sha256')
        .update([...about, time].join('\n'))
        .digest('hex')
        .slice(0, 32)}@pl-stories`,
      day: date,
      summary: who === '' ? words : `${words} (${who})`,
      description: [`By when: ${when}`, `Group: ${group}`, guide.title].join('\n'),
      changed: lastChanged(path),
    }
  }
}
