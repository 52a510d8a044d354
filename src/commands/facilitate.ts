import { resolve } from 'node:path'
import { UserError } from '../domain/errors.ts'
import { isClosed } from '../domain/facilitation.ts'
import { chooseFacilitationUi } from '../session/choose-ui.ts'
import { leadSession, openRoom } from '../session/facilitation.ts'
import { findPlan, plansList } from '../storage/catalog.ts'
import { printNotice } from '../storage/io.ts'
import { anywhere, type Common, commandLine, notesPath } from '../storage/locate.ts'

export interface FacilitateOptions extends Common {
  group?: string[]
  until?: string
  editor?: string
}

/** Leads a room through a plan: the steps, the clock, and what each group says. */
export async function facilitate(asked: string | undefined, options: FacilitateOptions): Promise<number> {
  if (asked === undefined && options.group)
    throw new UserError('Name the plan before the groups: pl-stories facilitate equity-60 --group Red Blue')
  if (asked === undefined) {
    process.stdout.write(await plansList('facilitate'))
    return 0
  }
  const found = await findPlan(asked, options.guide)
  const notes = notesPath(options.notes, found.plan.guide.name)
  const room = await openRoom(found, notes, { ...options, clock: Date.now })
  const faces = await chooseFacilitationUi(room.sitting, options.accessible ?? false, room.remarks)
  const leading = await leadSession(room, faces, process.stdin.isTTY === true)
  if (leading.startedAt === undefined && faces.writing.inputEnded())
    printNotice('The input ended before the clock was started. Start pl-stories in a terminal window.')
  else if (!isClosed(leading)) {
    const plan = found.path.endsWith(asked) ? resolve(asked) : asked
    const again = [
      'facilitate',
      plan,
      '--notes',
      notes,
      ...(options.guide ? ['--guide', anywhere(options.guide)] : []),
    ]
    process.stdout.write(`\nThe clock stands still. To go on: ${commandLine(again)}\n`)
  }
  return room.ending.exitCode() ?? 0
}
