import { resolve } from 'node:path'
import { UserError } from '../domain/errors.ts'
import { isClosed } from '../domain/facilitation.ts'
import { askOnce, chooseFacilitationUi } from '../session/choose-ui.ts'
import { systemClock } from '../session/clock.ts'
import { leadSession, openRoom } from '../session/facilitation.ts'
import { plansList } from '../storage/catalog.ts'
import { printNotice } from '../storage/io.ts'
import { anywhere, commandLine, locatePlan, notesPath, type Options } from '../storage/locate.ts'
import { isAttended } from '../ui/environment.ts'
import { pageText } from '../ui/facilitation-messages.ts'

/** Leads a room through a plan: the steps, the clock, and what each group says. */
export async function facilitate(asked: string | undefined, options: Options): Promise<number> {
  if (asked === undefined && options.group)
    throw new UserError('Name the plan before the groups: pl-stories facilitate 60 --group Red Blue')
  if (asked === undefined) {
    process.stdout.write(await plansList('facilitate'))
    return 0
  }
  const found = await locatePlan(asked, options)
  const notes = notesPath(options.notes, found.plan.guide.name)
  const accessible = options.accessible ?? false
  const open = await openRoom(found, notes, { ...options, clock: systemClock() })
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
  const again = commandLine(['facilitate', plan, '--notes', notes, ...guide])
  const started = leading.startedAt !== undefined
  const where = started
    ? `at step ${leading.at + 1} of ${leading.steps.length}. The clock is paused`
    : 'before the clock was started'
  if (!uis.writing.inputEnded()) {
    process.stdout.write(
      `\n${started ? 'The clock is paused' : 'The clock was not started'}. To resume: ${again}\n`,
    )
    return exitCode
  }
  printNotice(`The input ended ${where}. To resume, in a terminal window: ${again}`)
  return exitCode || 1
}

/** Another window leads the room: whether to watch it here or to take it over; undefined for neither. */
async function askRole(accessible: boolean): Promise<'watch' | 'lead' | undefined> {
  if (!isAttended())
    throw new UserError(
      'Another window is leading this room. To watch it or take it over, start pl-stories in a terminal window.',
    )
  return askOnce(
    'Another window is leading this room.',
    [
      { name: 'watch it here', value: 'watch' as const },
      { name: 'take it over', value: 'lead' as const },
    ],
    accessible,
  )
}
