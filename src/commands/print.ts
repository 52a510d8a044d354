import { dirname, join, parse } from 'node:path'
import { UserError } from '../domain/errors.ts'
import { type Guide, select } from '../domain/guide.ts'
import { fileOf, type Group, questionsOf, questionsOfGroup, unasked } from '../domain/plan.ts'
import { formHeads } from '../export/data.ts'
import { assertPage, assertRepresentable, chooseFormat } from '../export/formats.ts'
import { handoutDocument, runSheet } from '../export/print.ts'
import { timeHere } from '../session/clock.ts'
import { placeFor, writeDocument } from '../session/documents.ts'
import { type PlanFile, plansList } from '../storage/catalog.ts'
import { lastTimes, SessionFile } from '../storage/facilitation-state.ts'
import { printNotice } from '../storage/io.ts'
import { locateGuide, locatePlan, notesPath, type Options } from '../storage/locate.ts'

/** Prints a plan for its facilitator, with clock times; without a plan, lists those that are shipped. */
export async function runsheet(asked: string | undefined, options: Options): Promise<number> {
  if (asked === undefined) {
    process.stdout.write(await plansList('runsheet'))
    return 0
  }
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
  if (options.perGroup && !found)
    throw new UserError(
      '--per-group is for a plan with groups, such as: pl-stories handout 60-jigsaw --per-group',
    )
  const { path, guide, inputs } = found ? placeOf(found, options) : await locateGuide(options)
  const { only, title = guide.title, output, overwrite } = options
  let exitCode = 0
  for (const group of (options.perGroup && found?.plan.groups) || [undefined]) {
    const wanted = wantedIn(guide, found, group, only)
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

/** What the plan asks (a group), what `--only` names, or what both do; undefined for everything. */
function wantedIn(
  guide: Guide,
  found: PlanFile | undefined,
  group: Group | undefined,
  only: string[] | undefined,
) {
  const named = only && select(guide, only)
  const planned = found && (group ? questionsOfGroup(found.plan, group) : questionsOf(found.plan))
  if (!named || !planned) return named ?? planned
  const both = planned.filter(question => named.includes(question))
  if (both.length > 0) return both
  throw new UserError(
    `The plan ${found.name} asks nothing about ${only?.join(', ')}. Leave out --only or the plan.`,
  )
}

function placeOf({ path, plan }: PlanFile, { notes }: Options) {
  const beside = notesPath(notes, plan.guide.name)
  return { path: beside, guide: plan.guide, inputs: [beside, path] }
}
