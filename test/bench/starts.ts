import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { longGuide } from '../commands/own-guides.ts'
import { parseGuide } from '../support/guides.ts'
import { BIN, ROOT } from '../support/place.ts'
import { inTurn, type Measured, type Program, table, told } from './measure.ts'

/* From the Enter key to the answer: commands, and the first question on the screen; ours, and what others use. */

const ROUNDS = 11
const PEERS = join(ROOT, 'dist', 'peers')
const pl = (words: string, more: Partial<Program> = {}): Program => ({
  name: `\`${`pl-stories ${words}`.trim()}\``,
  words: [BIN, ...words.split(' ').filter(Boolean)],
  ...more,
})

/** Installs the peers beside the bundle, as their users would. */
export function preparePeers(): void {
  mkdirSync(PEERS, { recursive: true })
  cpSync(join(ROOT, 'test', 'bench', 'peers'), PEERS, { recursive: true })
  const guide = parseGuide({
    name: 'equity.yaml',
    text: readFileSync(join(ROOT, 'guide', 'equity.yaml'), 'utf8'),
  })
  const questions = guide.questions.map(({ id, text }) => ({ id, text }))
  writeFileSync(join(PEERS, 'questions.mjs'), `export default ${JSON.stringify(questions)}\n`)
  execFileSync('npm', ['install', '--silent', '--no-package-lock'], { cwd: PEERS, stdio: 'inherit' })
}

export const peer = (script: string, words = '', ready?: string): Program => ({
  name: `\`${`${/node_modules\/([^/]+)/.exec(script)?.[1] ?? script} ${words}`.trim()}\``,
  words: [join(PEERS, script), ...words.split(' ').filter(Boolean)],
  folder: PEERS,
  ...(ready !== undefined && { ready }),
})
const PLOP = 'node_modules/plop/bin/plop.js'
const HYGEN = 'node_modules/hygen/dist/bin.js'
const LEARN = 'node_modules/learnyounode/bin/learnyounode'

/** A folder with notes on the equity guide, thirty copies of them, and a guide of 1,000 questions with notes. */
function desk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pl-stories-bench-'))
  const run = (words: string[], input: string) =>
    execFileSync(process.execPath, [BIN, ...words], {
      cwd: folder,
      input,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { ...process.env, XDG_STATE_HOME: `${folder}.state` },
    })
  const answer = `${'They look at data every month, and so should we. '.repeat(8)}\n.\n`
  run([], answer.repeat(20))
  mkdirSync(join(folder, 'tables'))
  const notes = readFileSync(join(folder, 'equity-notes.md'), 'utf8')
  for (let i = 1; i <= 30; i++)
    writeFileSync(
      join(folder, 'tables', `table-${i}.md`),
      notes.replaceAll('every month', `${i} times a year`),
    )
  writeFileSync(join(folder, 'long.yaml'), longGuide(1000))
  try {
    run(['--guide', 'long.yaml'], answer.repeat(100))
  } catch {
    // Most of its questions are still open, which is exit code 1.
  }
  return folder
}

export async function commandsTable(): Promise<string[]> {
  const folder = desk()
  const here = (words: string) => pl(words, { folder })
  try {
    const rows = await inTurn(
      [
        here('--version'),
        here('--help'),
        here('status'),
        here('read'),
        ...['markdown -o -', 'html -o -', 'docx -o -', 'csv', 'json'].map(format => here(`export ${format}`)),
        { ...here('combine tables -o -'), name: 'pl-stories combine, 30 tables' },
        here('answer warmup Again --overwrite'),
        here('check long.yaml'),
        { ...here('status --guide long.yaml'), name: 'pl-stories status, 1,000 questions' },
        { ...here('export html -o - --guide long.yaml'), name: 'pl-stories export html, 1,000 questions' },
        peer(PLOP, '--version'),
        peer(PLOP, '--help'),
        peer(HYGEN, 'help'),
        peer(LEARN, '--version'),
        peer(LEARN, 'help'),
      ],
      ROUNDS,
    )
    return asTable(rows)
  } finally {
    for (const each of [folder, `${folder}.state`]) rmSync(each, { recursive: true, force: true })
  }
}

const QUESTION = 'What stands out'

export async function questionTable(): Promise<string[]> {
  const folder = desk()
  try {
    const rows = await inTurn(
      [
        pl('', { ready: 'Enter', name: 'pl-stories, for the first time' }),
        pl('--accessible', { ready: 'Write as many', name: 'pl-stories --accessible' }),
        pl('', { ready: 'That was the last question', folder, name: 'pl-stories, with all notes' }),
        pl('--guide long.yaml', { ready: 'Enter', folder, name: 'pl-stories, 1,000 questions' }),
        pl('facilitate equity-60', { ready: 'starts the clock' }),
        peer(PLOP, 'story', QUESTION),
        peer(HYGEN, 'story new', QUESTION),
        peer(LEARN, '', 'EXIT'),
        { ...peer('clack.mjs', '', QUESTION), name: 'a clack script' },
        { ...peer('inquirer.mjs', '', QUESTION), name: 'an Inquirer script' },
      ],
      ROUNDS,
    )
    return asTable(rows, true)
  } finally {
    for (const each of [folder, `${folder}.state`]) rmSync(each, { recursive: true, force: true })
  }
}

function asTable(rows: readonly Measured[], memory = false): string[] {
  return table(
    ['', 'takes', 'of a bare start', ...(memory ? ['memory', 'of a bare start'] : [])],
    rows.map(({ name, ms, times, peak, peakTimes }) => [
      name,
      told(ms),
      `${times.toFixed(2)} ×`,
      ...(memory ? [`${peak.toFixed(0)} MiB`, `${peakTimes.toFixed(2)} ×`] : []),
    ]),
  )
}
