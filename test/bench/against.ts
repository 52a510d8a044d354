import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { longGuide } from '../commands/own-guides.ts'
import { BIN, ROOT } from '../support/place.ts'
import { bareRun, median, type Program, type Run, runOnce, table } from './measure.ts'
import { EQUITY, filledNotes, WORDS } from './samples.ts'

/* What grows with the work: this build beside an earlier one (`--against COMMIT`), in the same rounds. */

interface Row {
  name: string
  words: string[]
  /** What the figure is divided by: the earlier build, a bare start of Node, or another run of ours. */
  beside: 'peer' | 'bare' | string[]
  /** The most that time and memory may be, as a ratio. */
  target: [time: number, memory?: number]
  /** Why it is more, where it is. */
  why?: string
  rounds: number
  /** What is on the screen when the clock stops. */
  ready?: string
  /** The line of Node that runs it, if not this one. */
  line?: number
}

/** @returns the path of the earlier build's program; built in a worktree of its own, which `dispose` removes. */
function buildOf(commit: string): { bin: string; dispose(): void } {
  const place = mkdtempSync(join(tmpdir(), 'pl-stories-peer-'))
  const git = (...words: string[]) => execFileSync('git', words, { cwd: ROOT, stdio: 'ignore' })
  git('worktree', 'add', '--detach', join(place, 'peer'), commit)
  for (const words of [
    ['ci', '--silent'],
    ['run', '--silent', 'build'],
  ])
    execFileSync('npm', words, { cwd: join(place, 'peer'), stdio: 'ignore' })
  return {
    bin: join(place, 'peer', 'bin', 'pl-stories.js'),
    dispose() {
      git('worktree', 'remove', '--force', join(place, 'peer'))
      rmSync(place, { recursive: true, force: true })
    },
  }
}

const letters = (name: string) => [
  'export',
  'markdown',
  '-o',
  '-',
  '--notes',
  `${name}.md`,
  '--no-privacy-check',
]

const ROWS: Row[] = [
  ...(
    [
      ['markdown', [0.35, 0.45]],
      ['html', [0.5]],
      ['csv', [0.6]],
      ['json', [0.55]],
    ] as const
  ).map(
    ([format, target]): Row => ({
      why: "of its memory, 53 MB are Node and its code, and 32 MB Node's young space. In about every second run V8 also moves some objects of the writing into its old space, where they hold on to texts until a full collection: 190 MB then, and 130 MB in the other runs. V8's flag `--no-allocation-site-pretenuring` ends that, but V8 does not promise that a running program may set it.",
      name: `combine of 10,000 notes of 14 KB to ${format}`,
      words: ['combine', 'many', '--format', format, '-o', '-'],
      beside: 'peer',
      target: [...target],
      // One takes a minute where the machine is slow.
      rounds: format === 'markdown' ? 3 : 1,
    }),
  ),
  {
    name: 'export docx of an answer of 200,000 lines',
    words: ['export', 'docx', '-o', '-', '--notes', 'lines.md', '--no-privacy-check'],
    beside: 'peer',
    target: [0.1],
    rounds: 1,
  },
  ...['spaces', 'blanks', 'headings'].map(
    (name): Row => ({
      name:
        { spaces: '80,000 spaces', blanks: '10 million blank lines', headings: '150,000 headings' }[name] ??
        '',
      words: letters(name),
      beside: letters(`${name}-letters`),
      target: [1.5],
      rounds: 3,
    }),
  ),
  {
    name: 'status, own guide of 1,000 questions, from the second run on',
    words: ['status', '--guide', 'long.yaml', '--notes', 'long.md'],
    beside: 'bare',
    target: [1.6],
    rounds: 7,
  },
  ...(
    [
      ['read', 1.5, 'what is left is loading marked and marked-terminal, whose code is compiled already.'],
      [
        'export html',
        2,
        'what is left is loading code that is compiled already, and a Markdown parser among it.',
      ],
      ['export docx', 3.6, ''],
    ] as const
  ).map(
    ([words, most, why]): Row => ({
      why,
      name: `${words}, usual notes`,
      words: [...words.split(' '), ...(words === 'read' ? [] : ['-o', '-']), '--notes', 'usual.md'],
      beside: 'bare',
      target: [most],
      rounds: 11,
    }),
  ),
  {
    name: 'first question on the screen',
    words: [],
    beside: 'peer',
    target: [1],
    rounds: 21,
    ready: 'Enter',
  },
  {
    name: 'first question on the screen, Node 26',
    words: [],
    beside: 'bare',
    target: [1.7],
    rounds: 21,
    ready: 'Enter',
    line: 26,
  },
]

/** Another line of Node, from the npm registry, for which the program is compiled. @returns its executable. */
function nodeOf(line: number, folder: string): string {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--silent', `${name}@${line}`], {
    shell: process.platform === 'win32',
  })
  const node = join(folder, 'node_modules', name, 'bin', 'node')
  execFileSync(node, [join(ROOT, 'bin', 'compile.mjs')])
  return node
}

/** Notes on the equity guide whose first story answer is this text, as an editor would have left it. */
const answered = (text: string) => filledNotes(EQUITY, id => (id === 'a.story.1' ? text : ''))

function prepare(folder: string): void {
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
  mkdirSync(join(folder, 'many'))
  for (let i = 0; i < 10_000; i++)
    put(
      join('many', `table-${i}.md`),
      filledNotes(EQUITY, id => `${WORDS.repeat(12)}(${id}, ${i})`),
    )
  put(
    'usual.md',
    filledNotes(EQUITY, () => WORDS.repeat(8).trim()),
  )
  put('long.yaml', longGuide(1000))
  put('lines.md', answered('A line of an answer.\n'.repeat(200_000).trim()))
  const odd: Record<string, [string, string]> = {
    spaces: [`a${' '.repeat(80_000)}b`, `a${'x'.repeat(80_000)}b`],
    blanks: [`a${'\n'.repeat(10_000_000)}b`, `a${'x'.repeat(10_000_000)}b`],
    headings: ['# h\n'.repeat(150_000).trim(), 'xxx\n'.repeat(150_000).trim()],
  }
  for (const [name, [text, plain]] of Object.entries(odd)) {
    put(`${name}.md`, answered(text))
    put(`${name}-letters.md`, answered(plain))
  }
}

/** Without a commit, the rows that need an earlier build are left out. */
export async function againstTable(commit?: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pl-stories-bench-'))
  const peer = commit === undefined ? undefined : buildOf(commit)
  try {
    prepare(folder)
    const rows: string[][] = []
    const missed: string[] = []
    for (const row of ROWS) {
      if (row.beside === 'peer' && !peer) continue
      const { time, memory } = await ratios(row, folder, peer?.bin)
      rows.push([
        row.name,
        besideOf(row, commit),
        `≤ ${row.target[0]}`,
        shown(time),
        row.target[1] ? `≤ ${row.target[1]}` : '',
        shown(memory),
      ])
      const [most, mostMemory = memory] = row.target
      if (time > most || memory > mostMemory) missed.push(`- ${row.name}: ${row.why ?? 'not known.'}`)
    }
    const why = missed.length > 0 ? ['', 'More than the target, and why:', '', ...missed] : []
    return [...table(['', 'beside', 'target', 'time', 'target', 'memory'], rows), ...why]
  } finally {
    peer?.dispose()
    rmSync(folder, { recursive: true, force: true })
  }
}

const shown = (ratio: number) => (Number.isFinite(ratio) ? ratio.toFixed(2) : 'it crashed')

const besideOf = ({ beside }: Row, commit = '') =>
  beside === 'peer' ? commit : beside === 'bare' ? '`node -e 0`' : 'as many letters'

async function ratios(row: Row, folder: string, peer = BIN): Promise<{ time: number; memory: number }> {
  const { name, ready, line } = row
  const ours: Program = {
    ...{ name, words: [BIN, ...row.words] },
    // The first question is that of an empty folder.
    ...(ready === undefined ? { folder } : { ready }),
    ...(line !== undefined && { node: nodeOf(line, folder) }),
  }
  const other = (): Promise<Run> =>
    row.beside === 'bare'
      ? bareRun(ours)
      : runOnce({ ...ours, words: row.beside === 'peer' ? [peer, ...row.words] : [BIN, ...row.beside] })
  const pairs: [Run, Run][] = []
  for (let round = row.rounds > 1 ? -1 : 0; round < row.rounds; round++) {
    const pair: [Run, Run] = [await runOnce(ours), await other()]
    // The first round only warms up what the system keeps of the files.
    if (round >= 0) pairs.push(pair)
  }
  const of = (value: (run: Run) => number) =>
    median(pairs.map(([a, b]) => (a.failed ? Number.NaN : value(a) / value(b))))
  const failed = pairs.some(([, b]) => b.failed)
  return { time: failed ? Number.NaN : of(run => run.ms), memory: failed ? Number.NaN : of(run => run.peak) }
}
