import { dirname, join, parse, resolve } from 'node:path'
import { UserError } from '../domain/errors.ts'
import { isClosed } from '../domain/facilitation.ts'
import { type Guide, select } from '../domain/guide.ts'
import { fileOf, type Group, questionsOf, questionsOfGroup, unasked } from '../domain/plan.ts'
import { formHeads } from '../export/data.ts'
import { assertPage, assertRepresentable, chooseFormat } from '../export/formats.ts'
import { handoutDocument, runSheet } from '../export/print.ts'
import { askOnce, chooseFacilitationUi } from '../session/choose-ui.ts'
import { systemClock, timeHere } from '../session/clock.ts'
import { placeFor, writeDocument } from '../session/documents.ts'
import { leadSession, openRoom } from '../session/facilitation.ts'
import { type PlanFile, plansList } from '../storage/catalog.ts'
import { printNotice } from '../storage/io.ts'
import { anywhere, commandLine, locateGuide, locatePlan, notesPath, type Options } from '../storage/locate.ts'
import { isAttended, print } from '../storage/output.ts'
import { lastTimes, SessionFile } from '../storage/state.ts'
import { pageText } from '../ui/facilitation-messages.ts'

async function listPlans(command: string): Promise<number> {
  print(await plansList(command))
  return 0
}

/** Leads a room through a plan: the steps, the clock, and what each group says. */
export async function facilitate(asked: string | undefined, options: Options): Promise<number> {
  if (asked === undefined && options.group)
    throw new UserError('Name the plan before the groups: pl-stories facilitate 60 --group Red Blue')
  if (asked === undefined) return listPlans('facilitate')
  const found = await locatePlan(asked, options)
  const notes = notesPath(options.notes, found.plan.guide.name)
  const { accessible } = options
  const open = await openRoom(found, notes, systemClock(), options)
  if (open.room.following) {
    const role = await askRole(accessible)
    if (role === undefined) return 0
    if (role === 'lead') open.file.takeOver()
    open.room = { ...open.room, following: role === 'watch' }
  }
  const remarks = options.room ? pageText(await open.services.openPage()) : []
  const uis = await chooseFacilitationUi(open.services, accessible, [...open.remarks, ...remarks])
  const { leading, following } = await leadSession(open, uis, process.stdin.isTTY === true)
  const exitCode = open.ending.exitCode() ?? 0
  if (isClosed(leading) || following) return exitCode
  const plan = found.path.endsWith(asked) ? resolve(asked) : asked
  const guide = options.guide ? ['--guide', anywhere(options.guide)] : []
  const page = open.services.page() === undefined ? [] : ['--room']
  const again = commandLine(['facilitate', plan, '--notes', notes, ...guide, ...page])
  const started = leading.startedAt !== undefined
  if (!uis.writing.inputEnded()) {
    const clock = started ? 'The clock is paused' : 'The clock was not started'
    print(`\n${clock}. To resume: ${again}\n`)
    return exitCode
  }
  const step = `at step ${leading.at + 1} of ${leading.steps.length}. The clock is paused`
  const where = started ? step : 'before the clock was started'
  printNotice(`The input ended ${where}. To resume, in a terminal window: ${again}`)
  return exitCode || 1
}

/** Another window leads the room: whether to watch it here or to take it over; undefined for neither. */
async function askRole(accessible?: boolean): Promise<'watch' | 'lead' | undefined> {
  if (!isAttended())
    throw new UserError(
      'Another window is leading this room. To watch it or take it over, start pl-stories in a terminal window.',
    )
  const choices = { 'watch it here': 'watch', 'take it over': 'lead' } as const
  return askOnce('Another window is leading this room.', choices, accessible)
}

/** Prints a plan for its facilitator, with clock times; without a plan, lists those that are shipped. */
export async function runsheet(asked: string | undefined, options: Options): Promise<number> {
  if (asked === undefined) return listPlans('runsheet')
  const at = options.at === undefined ? undefined : timeHere(options.at)
  const [wanted, format] = chooseFormat(options)
  assertPage('A run sheet', wanted, format)
  const { name, path, plan } = await locatePlan(asked, options)
  const notes = notesPath(options.notes, plan.guide.name)
  const kept = await new SessionFile(notes, name).read()
  const document = runSheet(plan, { at, before: lastTimes(kept) })
  const ids = unasked(plan).map(({ id }) => id)
  if (ids.length > 0) printNotice(`No step of this plan asks: ${ids.join(', ')}`)
  const stem = join(dirname(notes), `${name}-runsheet`)
  return writeDocument(format, document, placeFor(options, format, stem, [path, notes]), true)
}

/**
 * Hands out the blank guide, a part of it, or what a plan asks, with room to write; as csv the heads of a form. Of a
 * plan, only its title shows.
 */
export async function handout(asked: string | undefined, options: Options): Promise<number> {
  const [name, format] = chooseFormat(options)
  if (name === 'csv') assertRepresentable(name, format, options)
  else assertPage('A handout', name, format)
  const found = asked === undefined ? undefined : await locatePlan(asked, options)
  if (options.perGroup && !found?.plan.groups.length)
    throw new UserError(
      '--per-group is for a plan with groups, such as: pl-stories handout 60-jigsaw --per-group',
    )
  const { path, guide, inputs } = found ? placeOf(found, options) : await locateGuide(options)
  const { title = guide.title, output, overwrite } = options
  let exitCode = 0
  for (const { group, wanted } of handouts(guide, found, options)) {
    const name = `${guide.name}-handout${group ? `-${fileOf(group)}` : ''}.${format.endings[0]}`
    const beside = join(dirname(path), name)
    // Several documents can't share standard output.
    const own = group && (output === undefined ? beside : ownPath(output, group))
    const facts = [guide.subtitle, found?.plan.title, group?.label, 'Handout']
    const made =
      format.carries === 'page'
        ? handoutDocument(guide, { title, facts, ...(wanted && { only: wanted }) })
        : [formHeads(guide, wanted ?? guide.questions)]
    const place = { output: own ?? output, overwrite, inputs, beside }
    exitCode = Math.max(exitCode, await writeDocument(format, made, place))
  }
  return exitCode
}

/** Each group has its own file. */
function ownPath(output: string, group: Group): string {
  const { dir, name, ext } = parse(output)
  if (ext !== '') return join(dir, `${name}-${fileOf(group)}${ext}`)
  throw new UserError(
    'With --per-group, -o names files: -o handout.docx makes handout-table-1.docx and so on.',
  )
}

/** For everybody, or for each group that is asked something of what `--only` names. */
function handouts(guide: Guide, found: PlanFile | undefined, { perGroup, only }: Options) {
  const groups = (perGroup && found?.plan.groups) || [undefined]
  const all = groups.map(group => ({ group, wanted: wantedIn(guide, found, group, only) }))
  const asked = all.filter(({ wanted }) => !only || wanted?.length !== 0)
  if (asked.length > 0) return asked
  throw new UserError(
    `The plan ${found?.name} asks nothing about ${only?.join(', ')}. Leave out --only or the plan.`,
  )
}

/** What the plan asks (a group), what `--only` names, or what both do; undefined for everything. */
function wantedIn(guide: Guide, found?: PlanFile, group?: Group, only?: string[]) {
  const named = only && select(guide, only)
  const planned = found && (group ? questionsOfGroup(found.plan, group) : questionsOf(found.plan))
  if (!named || !planned) return named ?? planned
  return planned.filter(question => named.includes(question))
}

function placeOf({ path, plan }: PlanFile, { notes }: Options) {
  const beside = notesPath(notes, plan.guide.name)
  return { path: beside, guide: plan.guide, inputs: [beside, path] }
}
