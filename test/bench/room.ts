import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BIN } from '../support/place.ts'
import { typist } from './keys.ts'
import { median, table } from './measure.ts'

/* Leading a room with its page, left alone and while another program asks for the page as fast as it can. */

const LOOP_MS = 60_000
const KEYS = 60

/** Runs in a process of its own: asks one after the other, and counts. */
async function askOnAndOn(url: string, until: number): Promise<void> {
  let asked = 0
  for (; Date.now() < until; asked++) await fetch(url).then(answer => answer.text())
  console.log(asked)
}

const peakOf = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024

export async function roomTable(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pl-stories-bench-'))
  let said = ''
  const leader = await typist([BIN, 'facilitate', '60', '--room'], folder, 'open this address', text => {
    said += text
  })
  const url = /http:\/\/127\.0\.0\.1:\d+\/\w+\//.exec(said)?.[0] ?? ''
  // Back to the room, and the clock starts.
  for (const key of ['\r', '\r']) await leader.drawn(key, 300)
  const keys = async (times: number) => {
    const all: number[] = []
    // The facilitator's notes, shown and hidden.
    for (let i = 0; i < times; i++) all.push(await leader.drawn('f', 30))
    return all
  }
  const row = (name: string, all: number[], requests: string) => {
    const memory = `${peakOf(leader.pty.pid).toFixed(0)} MiB`
    return [name, `${median(all).toFixed(1)} ms`, `${Math.max(...all).toFixed(1)} ms`, memory, requests]
  }
  const rows = [row('left alone', await keys(KEYS), '')]
  const until = Date.now() + LOOP_MS
  const asking = spawn(process.execPath, ['-e', `(${askOnAndOn})(${JSON.stringify(url)}, ${until})`])
  let asked = ''
  asking.stdout.on('data', text => {
    asked += text
  })
  const ended = new Promise(resolve => asking.on('close', resolve))
  const first = await keys(KEYS)
  rows.push(row('asked for the page, at first', first, ''))
  while (Date.now() < until - 5000) await keys(1)
  rows.push(row('after a minute of it', await keys(KEYS / 2), ''))
  await ended
  rows.push(['requests answered', '', '', '', asked.trim()])
  leader.end()
  for (const each of [folder, `${folder}.state`]) rmSync(each, { recursive: true, force: true })
  return table(['', 'a key', 'the slowest', 'memory', ''], rows)
}
