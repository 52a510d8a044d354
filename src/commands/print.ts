import { dirname, join } from 'node:path'
import { printable, UserError } from '../domain/errors.ts'
import { unasked, type Walkthrough } from '../domain/plan.ts'
import { timeOfDay } from '../domain/time-of-day.ts'
import { chooseFormat } from '../export/formats.ts'
import { runSheet } from '../export/runsheet.ts'
import { lastTimes, SessionFile } from '../storage/facilitation-state.ts'
import { deliver } from '../storage/io.ts'
import { type Common, notesPath } from '../storage/locate.ts'
import { tell } from '../storage/tell.ts'
import { findPlan } from '../storage/walkthroughs.ts'
import { renderMarkdown } from '../ui/terminal/markdown.ts'
import { listPlans } from './plans.ts'

export interface RunsheetOptions extends Common {
  at?: string
  format?: string
  output?: string
  overwrite?: boolean
}

/** Prints a plan for its facilitator, with clock times; without a plan, lists those that are shipped. */
export async function runsheet(asked: string | undefined, options: RunsheetOptions): Promise<number> {
  if (asked === undefined) return listPlans('runsheet')
  const at = options.at === undefined ? undefined : timeOfDay(options.at)
  const [wanted, format] = chooseFormat(options)
  if (format.carries !== 'page')
    throw new UserError(`A run sheet is a page: markdown, html or docx. ${wanted} is none.`)
  const { name, path, plan } = await findPlan(asked, options.guide)
  const notes = notesPath(options.notes, plan.guide.name)
  const kept = await new SessionFile(notes, name).read()
  const content = await format.write(runSheet(plan, { at, before: lastTimes(kept) }))
  warnUnasked(plan)
  const { output, overwrite } = options
  if (output === undefined && process.stdout.isTTY && !format.file && !(content instanceof Uint8Array)) {
    const text = printable([...content].join(''))
    process.stdout.write(await renderMarkdown(text, process.stdout.columns))
    return 0
  }
  const beside = format.file && join(dirname(notes), `${name}-runsheet.${format.endings[0]}`)
  return deliver(content, { output, overwrite, beside: beside || undefined, inputs: [path, notes] })
}

function warnUnasked(plan: Walkthrough): void {
  const ids = unasked(plan).map(({ id }) => id)
  if (ids.length > 0) tell(`No step of this plan asks: ${ids.join(', ')}`)
}
