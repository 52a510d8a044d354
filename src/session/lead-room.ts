import { type LeadDesk, lead, type Room } from '../domain/facilitation.ts'
import { begun, fitted, isClosed, type Leading, MINUTE, settled } from '../domain/leading.ts'
import { type Group, groupsNamed, type Walkthrough } from '../domain/plan.ts'
import { type KeptSession, lastTimes, SessionFile } from '../storage/facilitation-state.ts'
import type { PlanFile } from '../storage/walkthroughs.ts'
import type { LeadFaces } from './choose-ui.ts'
import { clockOfDay } from './clock-of-day.ts'
import { sessionEnd } from './ending.ts'
import { captureAt, leadSitting, openTables, unwritten } from './facilitation.ts'
import { rescue } from './session.ts'

/** How often a running clock is written down, so that a crash is told from a break. */
const HEARTBEAT_MS = 15_000

export interface RoomWish {
  group?: string[] | undefined
  until?: string | undefined
  editor?: string | undefined
  /** Milliseconds. */
  clock(): number
}

export type OpenRoom = Awaited<ReturnType<typeof openRoom>>

/**
 * The room as it was left, or a new one, with a notes file for every group.
 * @throws UserError before anybody is asked anything, if it could not be led.
 */
export async function openRoom({ name, plan }: PlanFile, notesPath: string, wish: RoomWish) {
  const { clock, editor, until } = wish
  const file = new SessionFile(notesPath, name)
  const kept = await file.read()
  const twelve = until === undefined ? kept?.twelve === true : /m\.?$/i.test(until.trim())
  const ofDay = clockOfDay(clock, twelve)
  const open = kept !== undefined && kept.leading.startedAt !== undefined && !isClosed(kept.leading)
  const groups = wish.group || !open ? groupsNamed(plan, wish.group ?? []) : groupsKept(plan, kept)
  const before = open ? kept.before : lastTimes(kept)
  const end =
    until === undefined
      ? open
        ? stillAhead(kept.leading.until, clock())
        : undefined
      : ofDay.momentOf(until, open)
  const leading = {
    ...(open ? fitted(kept.leading, plan) : begun(plan)),
    until: end,
    // Another end of the meeting is none that the room has agreed to run over.
    ...(until !== undefined && { over: 0 }),
  }
  const tables = await openTables(plan, groups, notesPath)
  const ending = sessionEnd()
  const sitting = leadSitting(tables, ending, { editor, clock, ofDay, plan: name })
  const room: Room = { plan, groups, leading }
  const keep = (now: Leading) =>
    file.write({
      leading: now,
      groups: groups.map(({ label, element }) => ({ label, ...(element && { element: element.id }) })),
      ...(before && { before }),
      ...(ofDay.isTwelve() && { twelve: true }),
    })
  return { room, tables, sitting, keep, ending, remarks: (await Promise.all(tables.map(unwritten))).flat() }
}

function groupsKept({ guide }: Walkthrough, { groups }: KeptSession): Group[] {
  return groups.map(({ label, element: id }) => {
    const element = guide.stories.elements.find(each => each.id === id)
    return { label, ...(element && { element }) }
  })
}

/** Yesterday's end of the meeting is none of today's. */
const stillAhead = (until: number | undefined, now: number) =>
  until !== undefined && until > now - 60 * MINUTE ? until : undefined

/** Leads the room until the facilitator leaves. Whatever happens, the clock and every word are kept. */
export async function leadRoom(
  { room, tables, sitting, keep, ending }: OpenRoom,
  { leading: face, writing }: LeadFaces,
  attended: boolean,
): Promise<Leading> {
  let latest = room.leading
  const desk: LeadDesk = {
    clock: sitting.clock,
    async keep(leading) {
      latest = leading
      await keep(leading)
    },
    async capture(capture) {
      const table = tables.find(({ group }) => group === capture.group)
      if (!table) throw new Error('leadRoom: something was captured for a group that is not in the room')
      sitting.turnTo(table)
      await captureAt(table, capture, writing, { attended, taken: () => sitting.hold('') })
    },
  }
  const heartbeat = setInterval(() => {
    // The next beat, or the next move, tells what went wrong.
    if (latest.since !== undefined) keep(settled(latest, sitting.clock())).catch(() => {})
  }, HEARTBEAT_MS)
  try {
    const leading = await lead(room, face, desk)
    await writing.close()
    return leading
  } catch (error) {
    await writing.close()
    ending.flush()
    for (const { drafts } of tables) rescue(drafts)
    throw error
  } finally {
    clearInterval(heartbeat)
    ending.end()
  }
}
