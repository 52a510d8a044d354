import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { emptyFolder, file } from '../support/helpers.ts'
import { ESC, enter, openTerminal, press, type Screen, type } from '../support/terminal.ts'

/* The program under clocks that somebody moves, with libfaketime, in every place that shows time. */

const LIBRARY = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`
const there = existsSync(LIBRARY)
const clocks = (title: string) => (there ? title : `${title} (skipped: libfaketime is not installed here)`)
const WAYS = [[[]], [['--accessible']]]

/** Starts the program under a clock that can be set. `steady`: its steady clock goes along, as after a sleep. */
function begin(args: readonly string[], steady: boolean) {
  const folder = emptyFolder()
  const set = (shift: string) => file(folder, 'shift', shift)
  set('+0')
  const env = {
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: join(folder, 'shift'),
    FAKETIME_NO_CACHE: '1',
    ...(!steady && { FAKETIME_DONT_FAKE_MONOTONIC: '1' }),
  }
  return { folder, set, screen: openTerminal({ folder, args: [...args], rows: 50, env }) }
}

async function start(screen: Screen): Promise<void> {
  await screen.shows('Enter starts the clock')
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
}

const NOTED = /- \[00:[0-5]\d\] noted/

test.skipIf(!there)(clocks('on the screen a moved wall clock changes no time of a led room'), async () => {
  const { folder, set, screen } = begin(['facilitate', '45'], false)
  await start(screen)
  set('-1h')
  await press(screen, 'm')
  await screen.shows('4 minutes left of 4 · 1 minute')
  set('+2h')
  await press(screen, 'm')
  await screen.shows('5 minutes left of 5 · 2 minutes')
  await press(screen, 'k')
  await screen.shows('Room note')
  await type(screen, 'noted')
  await press(screen, '\r')
  await screen.shows('Kept as a room note.')
  expect(file(folder, 'equity-notes-room.md')).toMatch(NOTED)
  await press(screen, 'n')
  await screen.shows('Step 2 of 8')
  await press(screen, 'c')
  await screen.shows('1. Table 1')
  set('-1h')
  await press(screen, '1')
  await screen.shows(/^Table 1 · [34] minutes left/m)
})

test.skipIf(!there)(clocks('in lines a moved wall clock changes no time of a led room'), async () => {
  const { folder, set, screen } = begin(['facilitate', '45', '--accessible'], false)
  await start(screen)
  set('-1h')
  await enter(screen, ':time')
  await screen.shows(/^[23]:\d\d left in this step\. On time\.$/m)
  set('+2h')
  await enter(screen, ':more')
  await screen.shows('Added 1 minute to this step.')
  await enter(screen, ':time')
  await screen.shows(/^[34]:\d\d left in this step\. 1 minute behind\./m)
  await enter(screen, ':keep noted')
  await screen.shows('Kept as a room note.')
  expect(file(folder, 'equity-notes-room.md')).toMatch(NOTED)
  await enter(screen, ':next')
  await screen.shows('Step 2 of 8')
  set('-1h')
  await enter(screen, ':capture 1')
  await screen.shows(/^Table 1 · [34] minutes left/m)
})

test.skipIf(!there).each(WAYS)(
  clocks('after a gap of half an hour the room is asked once, and the time is as it answers, with %j'),
  async more => {
    const { set, screen } = begin(['facilitate', '45', ...more], true)
    await start(screen)
    set('+30m')
    await screen.shows(/asleep for 30\s+minutes\. Was the room working\?/)
    if (more.length > 0) await enter(screen, '2')
    else await press(screen, '2')
    if (more.length > 0) await enter(screen, ':time')
    const shown = await screen.shows(
      more.length > 0 ? /[23]:\d\d left in this step\. On time\./ : '3 minutes left of 3 · On time',
    )
    expect(shown.match(/Was the room working/g) ?? []).toHaveLength(more.length)
  },
)

test.skipIf(!there).each(WAYS)(
  clocks('a stopwatch beside the video takes no notice of a moved clock or a gap, with %j'),
  async more => {
    for (const steady of [false, true]) {
      const { folder, set, screen } = begin(['--only', 'a.story', ...more], steady)
      await screen.shows('2 of 20')
      if (more.length > 0) await enter(screen, ':watch')
      else {
        await screen.send(ESC)
        await screen.shows('W  Watch the video')
        await screen.send('w')
      }
      await screen.shows(more.length > 0 ? 'The stopwatch starts' : 'Enter saves')
      set(steady ? '+30m' : '+55s')
      await enter(screen, 'a2 charts')
      await screen.shows(more.length > 0 ? 'Saved at 0:' : 'A2 charts')
      expect(file(folder, 'equity-notes.md')).toMatch(/- \[00:[0-4]\d\] A2 charts/)
    }
  },
)
