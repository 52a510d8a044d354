import { UserError } from '../domain/errors.ts'
import {
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
import {
  type KeptSession,
  keepRoomAddress,
  lastTimes,
  roomAddress,
  SessionFile,
} from '../storage/facilitation-state.ts'
import { openInBrowser } from '../ui/environment.ts'
import type { RoomServer } from '../ui/room/server.ts'
import { roomView } from '../ui/room/view.ts'
import type { ClosableUi, FacilitationServices, SessionServices } from '../ui/session-port.ts'
import { type FacilitationUis, type SessionEnd, sessionEnd } from './choose-ui.ts'
import { type Clock, type ClockOfDay, clockOfDay, saysTwelve } from './clock.ts'
import { type GroupNotes, RoomNotes } from './group-notes.ts'
import { flushOrPrint, sessionServices } from './session.ts'

export interface RoomOptions {
  group?: string[] | undefined
  until?: string | undefined
  editor?: string | undefined
  clock: Clock
}

/** A room that is open: as it was left, or new. */
export interface OpenRoom {
  room: Room
  notes: RoomNotes
  services: RoomServices
  file: SessionFile
  ending: SessionEnd
  /** What the facilitator should know of before the room sees anything. */
  remarks: string[]
  /** Writes the session down. Where nothing was begun, there is nothing to write. */
  keep(room: Room): Promise<void>
}

/**
 * The room as it was left, or a new one, with a notes file for every group.
 * @throws UserError before anybody is asked anything, if it could not be led.
 */
export async function openRoom(found: PlanFile, notesPath: string, options: RoomOptions): Promise<OpenRoom> {
  const { name, plan } = found
  const { clock, until, group: names = [] } = options
  const file = new SessionFile(notesPath, name)
  const kept = await file.read()
  const ofDay = clockOfDay(clock, kept?.twelve === true || saysTwelve())
  const open = kept !== undefined && kept.leading.startedAt !== undefined && !isClosed(kept.leading)
  const end = open ? stillAhead(kept.leading.until, clock.now()) : undefined
  const leading = {
    ...(open ? fitted(kept.leading, plan) : newState(plan)),
    until: until === undefined ? end : ofDay.momentOf(until, open),
    // Another end of the meeting is none that the room has agreed to run over.
    ...(until !== undefined && { over: 0 }),
  }
  const groups = groupsFor(plan, kept, open, names)
  const following = (await file.ledElsewhere()) !== undefined
  const room: Room = { plan, groups, leading, captured: [], following, blank: false }
  const notes = new RoomNotes(plan, notesPath)
  await notes.open(groups)
  const ending = sessionEnd()
  const content = ({ leading, groups }: Room): KeptSession => ({
    leading,
    groups: groups.map(group => ({ ...group, element: group.element?.id })),
    before: open ? kept.before : lastTimes(kept),
    twelve: ofDay.isTwelve() && !saysTwelve(),
  })
  const begun = JSON.stringify(content(room))
  const services = roomServices(found, { room, notes, file, ending }, { ...options, ...ofDay })
  return {
    ...{ room, notes, services, file, ending, remarks: await notes.unwritten() },
    async keep(now) {
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

/** Yesterday's end of the meeting is none of today's. */
const stillAhead = (until: number | undefined, now: number) =>
  until !== undefined && until > now - 60 * MINUTE ? until : undefined

/** What the UIs need of the session. The writing UI is served for the group that something is captured for. */
export type RoomServices = FacilitationServices & {
  turnTo(table: GroupNotes): void
  /** Tells the room page what the room is now. */
  changed(room: Room): void
  close(): void
}

function roomServices(
  { name, plan: { guide } }: PlanFile,
  { room, notes, file, ending }: Pick<OpenRoom, 'room' | 'notes' | 'file' | 'ending'>,
  { editor, clock, timeOf, momentOf }: RoomOptions & ClockOfDay,
): RoomServices {
  const of = new Map<GroupNotes, SessionServices>()
  const serve = (table: GroupNotes) => {
    const known = of.get(table) ?? sessionServices(table.file, table.drafts, ending, editor)
    of.set(table, known)
    return known
  }
  const first = notes.tables[0] as GroupNotes
  // The program was closed while the clock ran.
  const closed = minutesAway(room.leading, clock.now()) * MINUTE
  const own = {
    // Always in one place, whichever group it turns out to be for.
    saveScratch: (text: string, question = first.questions[0]?.id) =>
      serve(first).saveScratch(text, question),
    clock: () => clock.now() - clock.away(),
    now: clock.now,
    away: () => clock.away() + closed,
    ...{ timeOf, momentOf },
    jot: (line: string) => notes.jot(line),
    roomNote: (line: string) => notes.roomNote(line),
    given: () => notes.given(),
    // A plan may suit any guide, so what is made of it is called after the guide, too.
    share: () => notes.share(name.startsWith(guide.name) ? name : `${guide.name}-${name}`),
    read: (group: Group | undefined) => notes.read(group),
    ...roomPage(file, room, clock),
  }
  const services: RoomServices = {
    ...serve(first),
    ...own,
    turnTo: table => void Object.assign(services, serve(table), own),
  }
  return services
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
    capture(capture) {
      services.turnTo(notes.of(capture.group))
      return notes.capture(capture, writing, { attended, taken: () => services.saveScratch('') })
    },
    transfer: to => notes.transfer(to),
    regroup: groups => notes.regroup(groups),
  }
  // The next beat, or the next move, tells what went wrong.
  return { store, beat: () => void beat().catch(() => {}) }
}

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
