import { UserError } from '../domain/errors.ts'
import {
  type Capture,
  type FacilitationState,
  type FacilitationStore,
  fitted,
  isClosed,
  MINUTE,
  minutesAway,
  newState,
  type Room,
  runFacilitation,
  settled,
} from '../domain/facilitation.ts'
import { type Group, groupsNamed, nameOf, type Plan } from '../domain/plan.ts'
import type { PlanFile } from '../storage/catalog.ts'
import type { Options } from '../storage/locate.ts'
import { type KeptSession, keepRoomAddress, lastTimes, roomAddress, SessionFile } from '../storage/state.ts'
import { openInBrowser } from '../ui/environment.ts'
import { roomView } from '../ui/room/page.ts'
import type { RoomServer } from '../ui/room/server.ts'
import type { ClosableUi } from '../ui/session-port.ts'
import { type FacilitationUis, sessionEnd } from './choose-ui.ts'
import { type Clock, clockOfDay, saysTwelve } from './clock.ts'
import { type GroupNotes, RoomNotes } from './group-notes.ts'
import { flushOrPrint } from './session.ts'

type RoomOptions = Pick<Options, 'until' | 'group' | 'editor'>

/** A room that is open: as it was left, or new. */
export type OpenRoom = Awaited<ReturnType<typeof openRoom>>

/**
 * The room as it was left, or a new one, with a notes file for every group.
 * @throws UserError before anybody is asked anything, if it could not be led.
 */
export async function openRoom(found: PlanFile, notesPath: string, clock: Clock, options: RoomOptions) {
  const { name, plan } = found
  const { until, group: names = [], editor } = options
  const file = new SessionFile(notesPath, name)
  const kept = await file.read()
  const ofDay = clockOfDay(clock, kept?.twelve === true || saysTwelve())
  const open = kept !== undefined && kept.leading.startedAt !== undefined && !isClosed(kept.leading)
  const now = open ? resumed(kept.leading, plan, clock.now()) : newState(plan)
  // Another end of the meeting is none that the room has agreed to run over.
  const leading = until === undefined ? now : { ...now, until: ofDay.momentOf(until, open), over: 0 }
  const groups = groupsFor(plan, kept, open, names)
  const following = (await file.ledElsewhere()) !== undefined
  const room: Room = { plan, groups, leading, captured: [], following, blank: false }
  const ending = sessionEnd()
  const notes = new RoomNotes({ plan, notesPath, ending, editor })
  await notes.open(groups)
  const content = ({ leading, groups }: Room): KeptSession => ({
    leading,
    groups: groups.map(group => ({ ...group, element: group.element?.id })),
    before: open ? kept.before : lastTimes(kept),
    twelve: ofDay.isTwelve() && !saysTwelve(),
  })
  const begun = JSON.stringify(content(room))
  const called = name.startsWith(plan.guide.name) ? name : `${plan.guide.name}-${name}`
  const services = roomServices(room, notes, clock, {
    ...{ timeOf: ofDay.timeOf, momentOf: ofDay.momentOf },
    // A plan may suit any guide, so what is made of it is called after the guide, too.
    share: () => notes.share(called),
    ...roomPage(file, room, clock),
  })
  return {
    ...{ room, notes, services, file, ending },
    /** What the facilitator should know of before the room sees anything. */
    remarks: await notes.unwritten(),
    /** Writes the session down. Where nothing was begun, there is nothing to write. */
    async keep(now: Room) {
      if (kept || JSON.stringify(content(now)) !== begun) await file.write(content(now))
    },
  }
}

/** A session goes on with its groups, and with those that are named beside. */
function groupsFor(plan: Plan, kept: KeptSession | undefined, open: boolean, names: readonly string[]) {
  const before = kept ? keptGroups(plan, kept) : []
  if (!open) return names.length > 0 ? groupsNamed(plan, names, before) : plan.groups
  const isNew = (name: string) => !before.some(({ label }) => nameOf(label) === nameOf(name))
  return groupsNamed(plan, [...before.map(({ label }) => label), ...names.filter(isNew)], before)
}

function keptGroups({ guide }: Plan, { groups }: KeptSession): Group[] {
  return groups.map(({ label, element: id, file }) => {
    const element = guide.stories.elements.find(each => each.id === id)
    return { label, ...(element && { element }), ...(file && { file }) }
  })
}

/** As it was left. Yesterday's end of the meeting is none of today's. */
function resumed(leading: FacilitationState, plan: Plan, now: number): FacilitationState {
  const { until } = leading
  const isAhead = until !== undefined && until > now - 60 * MINUTE
  return { ...fitted(leading, plan), until: isAhead ? until : undefined }
}

/** What the UIs need of the session. The writing UI is served for the group that something is captured for. */
function roomServices<Given>(room: Room, notes: RoomNotes, clock: Clock, given: Given) {
  const first = notes.tables[0] as GroupNotes
  // The program was closed while the clock ran.
  const closed = minutesAway(room.leading, clock.now()) * MINUTE
  const own = {
    // Always in one place, whichever group it turns out to be for.
    saveScratch: (text: string, question = first.questions[0]?.id) =>
      first.services.saveScratch(text, question),
    clock: () => clock.now() - clock.away(),
    now: clock.now,
    away: () => clock.away() + closed,
    jot: (line: string) => notes.jot(line),
    roomNote: (line: string) => notes.roomNote(line),
    given: () => notes.given(),
    read: (group: Group | undefined) => notes.read(group),
    ...given,
  }
  const services = { ...first.services, ...own }
  return Object.assign(services, {
    turnTo: (table: GroupNotes) => void Object.assign(services, table.services, own),
  })
}

/** The page for the projector, once it is asked for. */
function roomPage(file: SessionFile, room: Room, { now }: Clock) {
  let latest = room
  let page: RoomServer | undefined
  return {
    async openPage() {
      const { serveRoom } = await import('../ui/room/server.ts')
      page ??= await serveRoom(() => roomView(latest, now()), await roomAddress(file)).catch(error => {
        throw new UserError(`The room page can't be served on this computer (${(error as Error).message}).`)
      })
      await keepRoomAddress(file, page.address)
      await openInBrowser(page.url)
      return page.url
    },
    page: () => page?.url,
    changed(now: Room) {
      latest = now
      page?.update()
    },
    close: () => page?.close(),
  }
}

/** How often the session is looked at: whether another window has taken the room over. */
const LOOK_MS = 1000
/** How often a running clock is written down, so that a crash is told from a break. */
const BEATS = 15

/** The session on disk, as leading sees it, and its heartbeat. */
function roomStore(open: OpenRoom, writing: ClosableUi, attended: boolean) {
  const { room, notes, services, file, keep } = open
  let latest = room
  let beats = 0
  let tell = (_: Partial<Room>) => {}
  const change = (now: Room) => {
    latest = now
    services.changed(now)
  }
  /** Whether another window leads the room; then this one shows what it does. */
  const follows = async () => {
    const theirs = await file.ledElsewhere()
    if (theirs) tell(shownBy(theirs, room.plan))
    return theirs !== undefined
  }
  const beat = async () => {
    if ((await follows()) || ++beats % BEATS !== 0 || latest.leading.startedAt === undefined) return
    await keep({ ...latest, leading: settled(latest.leading, services.now()) })
  }
  change(room)
  const store: FacilitationStore = {
    now: services.now,
    follow(changed) {
      tell = said => {
        changed(said)
        change({ ...latest, ...said })
      }
    },
    async keep(now) {
      if (latest.following && !now.following) {
        file.takeOver()
        await notes.open(now.groups)
      }
      change(now)
      if (!now.following && !(await follows())) await keep(now)
    },
    ...ofGroups(open, writing, attended),
  }
  // The next beat, or the next move, tells what went wrong.
  return { store, beat: () => void beat().catch(() => {}) }
}

const ofGroups = ({ notes, services }: OpenRoom, writing: ClosableUi, attended: boolean) => ({
  capture(capture: Capture) {
    services.turnTo(notes.of(capture.group))
    return notes.capture(capture, writing, attended, () => services.saveScratch(''))
  },
  transfer: (to: Omit<Capture, 'text'>) => notes.transfer(to),
  regroup: (groups: readonly Group[]) => notes.regroup(groups),
})

const shownBy = (kept: KeptSession, plan: Plan): Partial<Room> => ({
  ...{ following: true, leading: fitted(kept.leading, plan), groups: keptGroups(plan, kept) },
})

/** Leads the room until the facilitator leaves. Whatever happens, the clock and every word are kept. */
export async function leadSession(open: OpenRoom, uis: FacilitationUis, attended: boolean): Promise<Room> {
  const { room, notes, services, ending } = open
  const { leading, writing } = uis
  const { store, beat } = roomStore(open, writing, attended)
  const heartbeat = setInterval(beat, LOOK_MS)
  try {
    return await runFacilitation(room, leading, store).finally(() => writing.close())
  } catch (error) {
    ending.flush()
    for (const { drafts } of notes.tables) flushOrPrint(drafts)
    throw error
  } finally {
    clearInterval(heartbeat)
    services.close()
    ending.end()
  }
}
