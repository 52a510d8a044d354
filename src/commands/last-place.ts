import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { count } from '../domain/answers.ts'
import { Stopped, UserError } from '../domain/errors.ts'
import { askOnce } from '../session/choose-ui.ts'
import { realTarget } from '../storage/atomic-file.ts'
import { leftDrafts } from '../storage/left-behind.ts'
import { type Common, type Located, locate } from '../storage/locate.ts'
import { lastNotes } from '../storage/remembered.ts'
import { someoneThere } from '../ui/attendance.ts'

/**
 * The notes to work on. Where a person has none in this folder but worked on others before, they are asked
 * whether to go on there.
 */
export async function locateWithPerson<Options extends Common>(options: Options): Promise<Located> {
  const here = await locate(options, 3)
  if (here.notes || options.notes !== undefined || !someoneThere()) return here
  // Words that were never saved are a place to go on, too.
  if (leftDrafts(realTarget(here.path)).length > 0) return here
  const there = await lastPlace(here, options)
  if (!there) return here
  const { answered, total } = count(there.guide.questions, there.notes?.answers ?? new Map())
  const message = `No notes in ${dirname(here.path)}. You last worked on ${there.path} (${answered} of ${total}, ${await dayOf(there.path)}).`
  const place = await askOnce(
    message,
    [
      { name: 'go on there', value: there },
      { name: 'start new here', value: here },
    ],
    options.accessible ?? false,
  )
  if (!place) throw new Stopped(130)
  return place
}

/** The notes last worked on, if they are still there and are of the guide that is asked for. */
async function lastPlace(here: Located, { guide }: Common): Promise<Located | undefined> {
  const path = await lastNotes()
  if (path === undefined || path === here.path) return undefined
  const there = await locate({ notes: path, ...(guide !== undefined && { guide }) }).catch(error => {
    if (error instanceof UserError) return undefined
    throw error
  })
  return there?.notes ? there : undefined
}

async function dayOf(path: string): Promise<string> {
  const { mtime } = await stat(path)
  return mtime.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
}
