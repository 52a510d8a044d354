import { printable } from '../errors.ts'
import { runSheet } from '../export/runsheet.ts'
import { renderMarkdown } from '../faces/markdown.ts'
import { type Common, notesPath } from '../files/locate.ts'
import { lastTimes, SessionFile } from '../files/sessions.ts'
import { findPlan } from '../files/walkthroughs.ts'
import { listPlans } from '../session/plans.ts'
import { timeOfDay } from '../time-of-day.ts'
import { unasked, type Walkthrough } from '../walkthrough.ts'

export interface RunsheetOptions extends Common {
  at?: string
}

/** Prints a plan for its facilitator, with clock times; without a plan, lists those that are shipped. */
export async function runsheet(asked: string | undefined, options: RunsheetOptions): Promise<number> {
  if (asked === undefined) return listPlans('runsheet')
  const at = options.at === undefined ? undefined : timeOfDay(options.at)
  const { name, plan } = await findPlan(asked, options.guide)
  const kept = await new SessionFile(notesPath(options.notes, plan.guide.name), name).read()
  const text = printable(runSheet(plan, { at, before: lastTimes(kept) }))
  process.stdout.write(process.stdout.isTTY ? await renderMarkdown(text, process.stdout.columns) : text)
  warnUnasked(plan)
  return 0
}

function warnUnasked(plan: Walkthrough): void {
  const ids = unasked(plan).map(({ id }) => id)
  if (ids.length > 0) process.stderr.write(`No step of this plan asks: ${ids.join(', ')}\n`)
}
