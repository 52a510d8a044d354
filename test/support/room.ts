import { get } from 'node:http'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import xterm from '@xterm/headless'
import { onTestFinished } from 'vitest'
import { MINUTE } from '../../src/domain/facilitation.ts'
import { type FacilitationUis, plainFacilitationUis } from '../../src/session/choose-ui.ts'
import { leadSession, type OpenRoom, openRoom } from '../../src/session/facilitation.ts'
import { findPlan } from '../../src/storage/catalog.ts'
import type { LineInput } from '../../src/ui/plain/line-reader.ts'
import type { RoomView } from '../../src/ui/room/page.ts'
import { TerminalFacilitation } from '../../src/ui/terminal/facilitation.ts'
import { openKeyboard, TerminalInterview } from '../../src/ui/terminal/interview.ts'
import { pause } from './terminal.ts'

/** A room's clock that stands still until it is moved. It begins at 15:30. */
export class FakeClock {
  #now = new Date(2026, 10, 12, 15, 30).getTime()
  #away = 0
  readonly clock = { now: () => this.#now, away: () => this.#away }

  /** The room works. */
  pass(minutes: number): void {
    this.#now += minutes * MINUTE
  }

  /** The computer sleeps. */
  sleep(minutes: number): void {
    this.pass(minutes)
    this.#away += minutes * MINUTE
  }
}

export interface RoomWish {
  group?: string[]
  until?: string
}

export async function open(folder: string, plan: string, { clock }: FakeClock, wish: RoomWish = {}) {
  const path = join(folder, 'equity-notes.md')
  return openRoom(await findPlan(plan), path, clock, wish)
}

/** What is typed, and how many minutes later than the line before. */
export type Typed = string | [number, string]

/** Leads a room in lines, until there are no more. */
export async function inLines(room: OpenRoom, nextLine: () => string | undefined) {
  const input: LineInput = {
    async next() {
      const text = nextLine()
      return text === undefined ? undefined : { text, pasted: false }
    },
    unfinished: () => '',
    terminal: false,
    breakOff() {},
    pause() {},
    close() {},
  }
  let out = ''
  const write = (text: string) => {
    out += text
  }
  const { leading } = await leadSession(room, await plainFacilitationUis(input, write, room.services), false)
  return { out, leading, actual: leading.steps.map(({ actual }) => Math.round(actual * 100) / 100) }
}

/** A meeting in lines, in an instant: its clock moves only as the script says. */
export async function meeting(
  folder: string,
  plan: string,
  script: Typed[],
  { from = 0, ...wish }: RoomWish & { from?: number } = {},
) {
  const time = new FakeClock()
  time.pass(from)
  const lines = [...script]
  return inLines(await open(folder, plan, time, wish), () => {
    const line = lines.shift()
    if (line === undefined || typeof line === 'string') return line
    time.pass(line[0])
    return line[1]
  })
}

export interface RoomScreen {
  room: OpenRoom
  /** A key as a hand presses it. */
  press(key: string): Promise<void>
  shows(wanted: string | RegExp): Promise<string>
  ended: Promise<unknown>
}

/** A room led on a screen in memory, by a clock that is moved by hand. */
export async function onScreen(room: OpenRoom, columns = 80, rows = 24): Promise<RoomScreen> {
  const term = new xterm.Terminal({ cols: columns, rows, convertEol: true, allowProposedApi: true })
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
  const stdout = Object.assign(new Writable({ write: (data, _, done) => term.write(data, done) }), {
    isTTY: true,
    columns,
    rows,
    // Inquirer ends its output, but for the process's own.
    end() {},
  })
  const screen = stdout as unknown as WriteStream
  const keyboard = openKeyboard(stdin as unknown as ReadStream, screen, room.services)
  const uis: FacilitationUis = {
    leading: new TerminalFacilitation(keyboard, screen, room.services, room.remarks),
    writing: new TerminalInterview(keyboard, screen, room.services),
  }
  const ended = leadSession(room, uis, true)
  onTestFinished(async () => {
    room.services.stop(130)
    await ended
  })
  const text = () => {
    const { active } = term.buffer
    const row = (at: number) => active.getLine(active.baseY + at)?.translateToString(true) ?? ''
    return Array.from({ length: rows }, (_, at) => row(at)).join('\n')
  }
  return {
    room,
    ended,
    async press(key) {
      await pause(40)
      stdin.write(key)
    },
    async shows(wanted) {
      for (let tries = 0; tries < 1000; tries++) {
        const now = text()
        if (typeof wanted === 'string' ? now.includes(wanted) : wanted.test(now)) return now
        await pause(10)
      }
      throw new Error(`The screen never showed ${String(wanted)}. It shows:\n${text()}`)
    },
  }
}

/** Follows the room page as a browser does: its last state, and every byte that came. */
export function follow(url: string) {
  const seen = { bytes: '', state: undefined as RoomView | undefined }
  const request = get(`${url}events`, response => {
    response.setEncoding('utf8').on('data', piece => {
      seen.bytes += piece
      const last = seen.bytes.split('\n\n').at(-2)?.split('data: ').at(-1)
      if (last) seen.state = JSON.parse(last)
    })
  })
  request.on('error', () => {})
  onTestFinished(() => void request.destroy())
  return seen
}
