import { spawn } from 'node:child_process'
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { BIN, EQUITY, emptyFolder, file, plainEnv, plStories } from '../support/helpers.ts'

const ALL = `guide: ca-qpls-equity\nanswers:\n  warmup: x\nskipped: [${EQUITY.questions
  .slice(1)
  .map(({ id }) => id)
  .join(', ')}]\n`

/** A folder with complete notes, half-done notes, notes that are damaged, and answers files. */
async function desk(): Promise<string> {
  const folder = emptyFolder()
  file(folder, 'all.yaml', ALL)
  file(folder, 'some.yaml', 'guide: ca-qpls-equity\nanswers:\n  warmup: x\n')
  file(folder, 'other.yaml', 'guide: ca-qpls-equity\nanswers:\n  warmup: another\n')
  file(folder, 'wrong.yaml', 'guide: ca-qpls-equity\nanswers:\n  warmpu: x\n')
  file(folder, 'damaged.md', '---\nguide: ca-qpls-equity\nformat: 1\n---\n<!-- answer: warmup -->\nno end\n')
  await plStories(['start', '--answers', 'all.yaml', '--notes', 'all.md', '--no-input'], { folder })
  await plStories(['start', '--answers', 'some.yaml', '--notes', 'some.md', '--no-input'], { folder })
  return folder
}

type Row = [code: number, words: string, input?: string]
const TABLE: Row[] = [
  [0, '--help'],
  [0, '--version'],
  [0, 'status --notes some.md'],
  [0, 'status --json --notes none.md'],
  [0, 'read --notes some.md'],
  [0, 'read guide'],
  [0, 'export json --notes some.md'],
  [0, 'export yaml --notes some.md'],
  [0, 'answer a.story.1 words --notes some.md'],
  [0, 'answer warmup x --notes some.md'],
  [0, 'start --notes new.md --answers all.yaml --no-input'],
  [0, 'start --notes new.md --answers -', ALL],
  [0, 'start --notes all.md --no-input'],
  [0, 'start --notes all.md --answers other.yaml --overwrite --no-input'],
  [0, 'start --notes some.md --answers some.yaml --only warmup --no-input'],
  [0, 'start --notes some.md', ':quit\n'],
  [0, 'start --notes new.md --only warmup', 'words\n.\n'],
  [1, 'start --notes new.md --answers some.yaml --no-input'],
  [1, 'start --notes all.md --answers other.yaml --no-input'],
  [1, 'start --notes some.md --no-input'],
  [1, 'start --notes new.md --no-input'],
  [1, 'start --notes new.md', ''],
  [1, 'start --notes new.md', 'words\n.\n'],
  [1, 'start --notes all.md --answers other.yaml', ':quit\n'],
  [1, 'answer warmup another --notes some.md'],
  [2, 'strat'],
  [2, 'status --jsn'],
  [2, 'start --only d'],
  [2, 'start --order backwards'],
  [2, 'start --overwrite'],
  [2, 'start --answers wrong.yaml --no-input'],
  [2, 'start --answers none.yaml'],
  [2, 'start --answers .'],
  [2, 'start --answers -', ''],
  [2, 'start --answers'],
  [2, 'start --notes -'],
  [2, 'start --notes all.yaml --no-input'],
  [2, 'start --guide none --no-input'],
  [2, 'start --notes damaged.md --answers some.yaml --no-input'],
  [2, 'status --notes damaged.md'],
  [2, 'export jsno --notes some.md'],
  [2, 'export json --notes none.md'],
  [2, 'answer warmpu words'],
  [2, 'answer warmup', ''],
  [2, 'read d'],
  [3, 'start --notes . --no-input'],
  [3, 'start --notes no-folder/new.md --answers all.yaml --no-input'],
  [3, 'start --notes no-folder/new.md', 'words\n.\n'],
  [3, 'answer warmup words --notes no-folder/new.md'],
]

test('exit codes are those of the contract, row by row, and nothing ends with a stack', async () => {
  const prepared = await desk()
  const seen: (readonly [number | null, string])[] = []
  for (let i = 0; i < TABLE.length; i += AT_ONCE)
    seen.push(...(await Promise.all(TABLE.slice(i, i + AT_ONCE).map(row => codeOf(row, prepared)))))
  expect(seen).toEqual(TABLE.map(([code, words]) => [code, words]))
}, 60_000)

const AT_ONCE = 4

/** Runs one row in a copy of the folder, so that none sees what another wrote. */
async function codeOf([, words, input = '']: Row, prepared: string) {
  const folder = emptyFolder()
  cpSync(prepared, folder, { recursive: true })
  const { code, out, err } = await plStories(words.split(' '), { folder, input })
  expect(`${out}${err}`, words).not.toMatch(/\n\s+at |mistake in pl-stories/)
  if (code !== null && code > 1)
    expect({ words, out, err }).toEqual({ words, out: '', err: expect.stringMatching(/\S/) })
  if (code === 2) expect(readdirSync(folder).sort(), words).toEqual(readdirSync(prepared).sort())
  return [code, words] as const
}

/** Runs the program with its output going where the shell line sends it. */
function shell(line: string, folder: string): Promise<{ code: number | null; err: string }> {
  const env = { ...plainEnv(folder), PL: `${process.execPath} ${BIN}` }
  const child = spawn('sh', ['-c', line], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    err += text
  })
  return new Promise(resolve => child.on('close', code => resolve({ code, err })))
}

describe.skipIf(process.platform === 'win32')('output that nobody takes', () => {
  /** Notes whose export is longer than a pipe holds. */
  async function longNotes(): Promise<string> {
    const folder = emptyFolder()
    await plStories(['answer', 'warmup'], { folder, input: 'A line of words\n'.repeat(20_000) })
    return folder
  }

  test.each(['export json', 'export yaml', 'read', 'status', '--help'])(
    '%s | head -1 is quiet',
    async words => {
      const folder = await longNotes()
      const { code, err } = await shell(`{ $PL ${words}; echo "code $?" >&2; } | head -n 1`, folder)
      expect({ code, err }).toEqual({ code: 0, err: 'code 0\n' })
    },
  )

  test('a walk whose talk nobody reads still saves what is sent in', async () => {
    const folder = emptyFolder()
    file(folder, 'lines', 'First\n.\nSecond\n.\n'.repeat(10))
    const { err } = await shell('{ $PL start < lines; echo "code $?" >&2; } | true', folder)
    expect(err).toBe('code 0\n')
    expect(file(folder, 'equity-notes.md').match(/^(?:First|Second)$/gm)).toHaveLength(20)
  })

  test('a closed output, or all three closed, is quiet', async () => {
    const folder = await longNotes()
    expect(await shell('$PL export json >&-', folder)).toEqual({ code: 0, err: '' })
    expect(await shell('$PL status <&- >&- 2>&-', folder)).toEqual({ code: 0, err: '' })
  })

  test.skipIf(!existsSync('/dev/full'))(
    'a full disk behind the output is told in a sentence, exit 3',
    async () => {
      const folder = await longNotes()
      for (const words of ['export json', 'status', '--version', 'read'])
        expect(await shell(`$PL ${words} > /dev/full`, folder)).toEqual({
          code: 3,
          err: 'The output could not be written: no space left on device.\n',
        })
    },
  )
})
