import { dirname, join } from 'node:path'
import { UserError } from '../domain/errors.ts'
import { type Guide, select } from '../domain/guide.ts'
import { questionsOf } from '../domain/plan.ts'
import { chooseFormat } from '../export/formats.ts'
import { handoutDocument } from '../export/guide-document.ts'
import { deliver } from '../storage/io.ts'
import { type Common, locateGuide, notesPath } from '../storage/locate.ts'
import { findPlan, type PlanFile } from '../storage/walkthroughs.ts'

export interface HandoutOptions extends Common {
  only?: string[]
  format?: string
  output?: string
  title?: string
  overwrite?: boolean
}

/** Hands out the blank guide, a part of it, or what a plan asks, with room to write. Of a plan, only its title shows. */
export async function handout(asked: string | undefined, options: HandoutOptions): Promise<number> {
  const [name, format] = chooseFormat(options)
  if (format.carries !== 'page')
    throw new UserError(`A handout is a page: markdown, html or docx. ${name} has no room to write.`)
  const found = asked === undefined ? undefined : await findPlan(asked, options.guide)
  const { path, guide, inputs } = found ? placeOf(found, options) : await locateGuide(options)
  const { only, title, output, overwrite } = options
  const wanted = wantedIn(guide, found, only)
  const document = handoutDocument(guide, {
    title: title ?? guide.title,
    facts: [guide.subtitle, found?.plan.title, 'Handout'],
    ...(wanted && { only: wanted }),
  })
  return deliver(await format.write(document), {
    output,
    overwrite,
    beside: join(dirname(path), `${guide.name}-handout.${format.endings[0]}`),
    inputs,
  })
}

/** What the plan asks, what `--only` names, or what both do; undefined for everything. */
function wantedIn(guide: Guide, found: PlanFile | undefined, only: string[] | undefined) {
  const named = only && select(guide, only)
  const planned = found && questionsOf(found.plan)
  if (!named || !planned) return named ?? planned
  const both = planned.filter(question => named.includes(question))
  if (both.length > 0) return both
  throw new UserError(
    `The plan ${found.name} asks nothing of ${only?.join(', ')}. Leave --only or the plan out.`,
  )
}

function placeOf({ path, plan }: PlanFile, { notes }: HandoutOptions) {
  const beside = notesPath(notes, plan.guide.name)
  return { path: beside, guide: plan.guide, inputs: [beside, path] }
}
