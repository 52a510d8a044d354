import { hash } from 'node:crypto'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { roundName } from '../domain/actions.ts'
import { counted } from '../domain/answers.ts'
import { oneOf, UserError } from '../domain/errors.ts'
import { privacyWarning } from '../domain/privacy.ts'
import { paragraph } from '../export/blocks.ts'
import { calendar, type DueDay, row, yamlText } from '../export/data.ts'
import { digestBrief, digestDocument, digestJson } from '../export/digest-document.ts'
import { afresh, type Document, documentOf } from '../export/document.ts'
import { assertRepresentable, chooseFormat, type Format } from '../export/formats.ts'
import { actionTables, layoutOf } from '../export/guide-document.ts'
import { excerpt } from '../export/summary.ts'
import { READABLE } from '../import/formats.ts'
import { type Digest, DigestBuilder } from '../notes/digest.ts'
import { askerFor } from '../session/choose-ui.ts'
import { type Findings, leftOutOf, Reader, sentencesOf, sightingsOf } from '../session/collect.ts'
import { COPY_POLICIES } from '../session/copies.ts'
import { placeFor, writeDocument } from '../session/documents.ts'
import { upTo } from '../session/remarks.ts'
import { dayHere, Rounds, type TrackedAction } from '../session/rounds.ts'
import type { Content } from '../storage/atomic-file.ts'
import { findGuide } from '../storage/catalog.ts'
import { type Input, inputsOf, printNotice } from '../storage/io.ts'
import { locate, noNotes, type Options } from '../storage/locate.ts'
import { lastChanged } from '../storage/notes-file.ts'
import { SpillingStore } from '../storage/text-store.ts'
import { prefersPlain } from '../ui/environment.ts'
import { progress } from '../ui/terminal/renderer.ts'

/** Makes one digest of many notes. What can't be used is reported, and the rest combined. */
export async function combine(names: string[], options: Options): Promise<number> {
  const [formatName, format] = chooseFormat(options)
  layoutOf(options.layout)
  assertRepresentable(formatName, format, options)
  const inputs = withoutOutput(await inputsOf(names, { ...options, wanted: READABLE }), options.output)
  assureLabels(inputs, options)
  const store = new SpillingStore()
  try {
    const gathering = new DigestBuilder(store)
    const asked = options.guide === undefined ? undefined : await findGuide(options.guide)
    const ask = askerFor(options.accessible)
    const reader = new Reader(gathering, { ...options, guide: asked?.guide, copies: policyOf(options), ask })
    await readAll(reader, inputs, options)
    const { findings } = reader
    if (findings.differing.length > 0) return tellDiffering(findings)
    const [first] = inputs
    const { guide, path } = asked ?? (await findGuide(undefined, first?.path, gathering.guide()))
    for (const other of gathering.ofOthers(guide)) reader.turnAway(other, guide)
    const digest = gathering.digest(guide, options.anonymous ?? false)
    if (digest.size === 0) throw noneFound(findings, 'to combine')
    tellOf(digest, findings, format, options)
    const made = written(digest, [formatName, format], findings, options)
    const stem = join(dirname(first?.path ?? ''), `${guide.name}-digest${options.brief ? '-brief' : ''}`)
    const place = placeFor(options, format, stem, [path, ...inputs.map(input => input.path)])
    return exitCodeOf(findings, await writeDocument(format, made, place))
  } finally {
    store.close()
  }
}

const exitCodeOf = ({ hasLeft, leftOut }: Findings, delivered: number) =>
  hasLeft || leftOut.some(({ fault }) => fault) ? 1 : delivered

const noneFound = ({ leftOut }: Findings, purpose: string) =>
  new UserError([...leftOut.map(({ message }) => message), `No notes found ${purpose}.`].join('\n'))

/** Last week's digest in the folder is about to be replaced, not read. */
function withoutOutput(inputs: Input[], output: string | undefined): Input[] {
  return output === undefined ? inputs : inputs.filter(({ path, named }) => named || path !== resolve(output))
}

function assureLabels(
  inputs: readonly Input[],
  { label: labels = [], labelFolder, labelColumn, anonymous }: Options,
): void {
  if (anonymous && (labels.length > 0 || labelFolder || labelColumn !== undefined))
    throw new UserError('Use labels or --anonymous, not both: with names, or without?')
  const files = inputs.filter(({ skipped }) => !skipped).length
  if (labels.length > 0 && labels.length !== files)
    throw new UserError(
      `Give one --label for each file, in order: there are ${counted(files, 'file')} and ${counted(labels.length, 'label')}. Example: pl-stories combine oak.md elm.md --label Oak --label Elm`,
    )
  if (inputs.length === 0)
    throw new UserError(
      'There are no files to combine. Name notes, filled-in handouts or tables, or a folder that holds some.',
    )
}

async function readAll(reader: Reader, inputs: readonly Input[], options: Options): Promise<void> {
  const files = inputs.filter(({ skipped }) => !skipped)
  const labels = new Map(files.map((input, i) => [input, options.label?.[i]]))
  const folderOf = folderLabel(options)
  const line = (done: number) => `Read ${done} of ${inputs.length} files`
  const shown = progress(process.stderr, prefersPlain(options.accessible), line)
  try {
    await reader.readAll(inputs, input => labels.get(input) ?? folderOf(input), shown.at)
  } finally {
    shown.end()
  }
}

function folderLabel({ labelFolder }: Options) {
  return ({ path }: Input) => (labelFolder ? basename(dirname(path)) : undefined)
}

const policyOf = ({ copies }: Options) =>
  copies === undefined ? undefined : oneOf('--copies', copies, COPY_POLICIES, 'Choose one of')

/** No digest is made of what cannot be counted. @returns the exit code. */
function tellDiffering(findings: Findings): number {
  printNotice([
    ...sentencesOf(findings),
    ...findings.differing,
    'No digest was made. To count copies as groups: --copies groups. To keep both versions of each answer: --copies merge. To leave copies out: --copies leave.',
  ])
  return 1
}

/** The digest as a document, or in a format for other programs. */
function written(
  digest: Digest,
  [formatName, format]: [string, Format],
  findings: Findings,
  { title, by, date, layout, brief }: Options,
): Content | Document {
  const leftOut = leftOutOf(findings)
  const json = () => digestJson(digest, leftOut)
  if (formatName === 'yaml') return [yamlText(JSON.parse([...json()].join('')))]
  if (format.carries === 'answers') return afresh(json)
  if (brief) return digestBrief(digest, { title, facts: [by, date ?? upTo(findings.taken.keys())] })
  const each = format.carries === 'table'
  return digestDocument(digest, { title, facts: [by, date], each, layout: layoutOf(layout), leftOut })
}

function tellOf(digest: Digest, findings: Findings, { carries }: Format, { anonymous }: Options): void {
  const ownLines = [...findings.taken.values()].reduce((sum, file) => sum + file.ownLines, 0)
  printNotice([
    ...sentencesOf(findings),
    ownLines > 0 &&
      `Not included: ${counted(ownLines, 'line')} that people wrote outside the answers (still in the notes).`,
    carries === 'table' && digest.hasJots && 'Not included: jots (a table holds only questions and answers).',
    anonymous &&
      'Names of groups and files are left out. Names that people wrote into their answers are still there.',
    ...privacyWarning(sightingsOf(findings)),
  ])
}

/* Who does what by when. */

/** All actions of notes and of the rounds before them, by date, what is overdue first. */
export async function actions(names: string[], options: Options): Promise<number> {
  const [name, format] = actionsFormat(options)
  const inputs =
    names.length > 0 ? await inputsOf(names, { ...options, wanted: READABLE }) : await ownNotes(options)
  const { tracked, findings } = await trackedIn(inputs, options)
  const isCalendar = name === 'ics'
  printNotice([...sentencesOf(findings), isCalendar && undatedIn(tracked)])
  const today = dayHere()
  const shown = tracked.filter(({ state }) => !options.open || state === 'open').sort(byDate(today))
  const made = isCalendar ? afresh(() => calendar(dueDays(tracked))) : listed(shown, name, format, today)
  const stem = join(dirname(inputs[0]?.path ?? ''), 'actions')
  const place = placeFor(options, format, stem, findings.taken.keys())
  return exitCodeOf(findings, await writeDocument(format, made, place, true))
}

function actionsFormat(options: Options): [string, Format] {
  const asked = options.format ?? extname(options.output ?? '').slice(1)
  if (/^(?:ics|ical|icalendar|calendar)$/i.test(asked)) {
    const [, format] = chooseFormat({ format: 'json' })
    return ['ics', { ...format, file: true, endings: ['ics'] }]
  }
  const [name, format] = chooseFormat(options)
  if (name !== 'yaml') return [name, format]
  throw new UserError("Actions can't be written as yaml. Choose markdown, html, docx, csv, json or ics.")
}

async function ownNotes(options: Options): Promise<Input[]> {
  const { path, notes } = await locate(options)
  if (notes) return [{ path, name: relative('', path), named: true }]
  throw noNotes(path, 'name notes files or a folder.')
}

async function trackedIn(inputs: readonly Input[], options: Options) {
  const rounds = new Rounds()
  const asked = options.guide === undefined ? undefined : await findGuide(options.guide)
  const reader = new Reader(rounds, { guide: asked?.guide, copies: 'merge' })
  await reader.readAll(inputs, folderLabel(options))
  for (let path = rounds.missing(); path !== undefined; path = rounds.missing())
    await reader.readAll([{ path, name: relative('', path), named: true }])
  const { findings } = reader
  if (rounds.size === 0) throw noneFound(findings, 'to read actions from')
  return { tracked: rounds.actions(), findings }
}

function undatedIn(actions: readonly TrackedAction[]): string | false {
  const undated = actions.filter(({ state, date }) => state === 'open' && date === undefined)
  const words = undated.map(({ what }) => excerpt(what, 60)).join('; ')
  return undated.length > 0 && `Not in the calendar, because no date was found: ${words}`
}

const isOverdue = ({ state, date }: TrackedAction, today: string) =>
  state === 'open' && date !== undefined && date < today

function byDate(today: string): (a: TrackedAction, b: TrackedAction) => number {
  const key = (action: TrackedAction) => `${isOverdue(action, today) ? 0 : 1} ${action.date ?? '9999'}`
  return (a, b) => (key(a) < key(b) ? -1 : Number(key(a) !== key(b)))
}

function listed(actions: readonly TrackedAction[], name: string, { carries }: Format, today: string) {
  if (carries === 'page') return actionsDocument(actions, today)
  const rows = actions.map(({ what, who, when, date = null, group, since = null, state }) => {
    return { what, who, when, date, group, since, state }
  })
  if (name === 'json') return [`${JSON.stringify(rows, null, 2)}\n`]
  const head = ['what', 'who', 'when', 'date', 'group', 'since', 'state']
  return [`\ufeff${row(head)}`, ...rows.map(each => row(Object.values(each).map(value => value ?? '')))]
}

/** A table with the columns that say something: the group of several, and the round where not all are of this one. */
function actionsDocument(actions: readonly TrackedAction[], today: string): Document {
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
      uid: `${hash('sha256', [...about, time].join('\n')).slice(0, 32)}@pl-stories`,
      day: date,
      summary: who === '' ? words : `${words} (${who})`,
      description: [`By when: ${when}`, `Group: ${group}`, guide.title].join('\n'),
      changed: lastChanged(path),
    }
  }
}
