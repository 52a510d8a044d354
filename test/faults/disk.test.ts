import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { BIN, draftsOf, type Ended, emptyFolder, file, plainEnv, plStories } from '../support/helpers.ts'
import { CTRL, enter, openTerminal, press, type } from '../support/terminal.ts'

const NOTES = 'equity-notes.md'
const ROOT_USER = process.getuid?.() === 0
const NOBODY = 65534
/** Root may write everywhere: then the program runs as nobody. */
const MAY_DROP = !ROOT_USER || spawnSync('setpriv', ['--version']).status === 0

/** A folder with one answer in its notes, which anybody of the test may write. */
async function begunFolder(folder = emptyFolder()): Promise<string> {
  await plStories(['answer', 'warmup', 'safe and sound'], { folder })
  for (const path of [folder, join(folder, NOTES)]) if (ROOT_USER) chownSync(path, NOBODY, NOBODY)
  return folder
}

/** Runs the program without root's rights, by a shell that may limit it first. */
function unprivileged(
  args: string[],
  { folder, input = '', before = '' }: { folder: string; input?: string; before?: string },
): Promise<Ended> {
  const line = `${before} exec "$@"`
  const drop = ROOT_USER ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
  const [program = 'sh', ...rest] = [...drop, 'sh', '-c', line, 'sh', process.execPath, BIN, ...args]
  const child = spawn(program, rest, { cwd: folder, env: plainEnv(folder) })
  let out = ''
  let err = ''
  child.stdout.on('data', text => {
    out += text
  })
  child.stderr.on('data', text => {
    err += text
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise(resolve => child.on('close', code => resolve({ code, out, err })))
}

/** The save failed as promised: exit 3, a sentence, no stack, the notes as before, no litter, the words to be had. */
function expectRefused(
  folder: string,
  { code, err }: Ended,
  before: string,
  litter: string[] = [NOTES],
): void {
  expect(err).toMatch(/Could not .+: .+\.\n/)
  expect(err).not.toMatch(/\n +at |mistake in pl-stories/)
  expect(code).toBe(3)
  expect(file(folder, NOTES)).toBe(before)
  expect(readdirSync(folder)).toEqual(litter)
}

describe('a full disk', () => {
  const mountable = () => {
    const folder = emptyFolder()
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'none', folder]).status === 0
    if (mounted) onTestFinished(() => void spawnSync('umount', [folder]))
    return mounted ? folder : undefined
  }

  test('leaves the notes as they were, clears what it began, and prints the words', async context => {
    const folder = mountable()
    if (!folder) return context.skip('mounting is not allowed here')
    await plStories(['answer', 'warmup', 'safe and sound'], { folder })
    const before = file(folder, NOTES)
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(128 * 1024).subarray(0, freeBytes(folder)))
    const answered = await plStories(['answer', 'action', 'x'.repeat(20_000)], { folder })
    expectRefused(folder, answered, before, ['ballast', NOTES])
    expect(answered.err).toContain('the disk is full')
    const words = `precious${' words'.repeat(2000)}`
    const input = `${words}\n.\n`
    const env = { XDG_STATE_HOME: folder }
    const walked = await plStories([], { folder, input, env })
    rmSync(join(folder, 'pl-stories'), { recursive: true, force: true })
    expectRefused(folder, walked, before, ['ballast', NOTES])
    expect(walked.err).toContain(`could not be saved anywhere. Copy it from here:\n\n${words}\n`)
    // The state folder lies on another disk.
    expectRefused(folder, await plStories([], { folder, input }), before, ['ballast', NOTES])
    expect(draftsOf(folder)).toMatchObject([{ text: expect.stringMatching(/^precious/) }])
  })

  test('leaves notes with a second name as they were, too', async context => {
    const folder = mountable()
    if (!folder) return context.skip('mounting is not allowed here')
    await plStories(['answer', 'warmup', 'safe and sound'], { folder })
    linkSync(join(folder, NOTES), join(folder, 'also.md'))
    const before = file(folder, NOTES)
    // Room for the copy beside the notes, and none for what they would grow by.
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(freeBytes(folder) - 32 * 1024))
    const answered = await plStories(['answer', 'action', 'x'.repeat(20_000)], { folder })
    expectRefused(folder, answered, before, ['also.md', 'ballast', NOTES])
  })

  test.each([
    ['on the screen', {}, '(1 of 20)'],
    ['in lines', { TERM: 'dumb' }, 'Question 1 of 20'],
  ])('that leaves no room for a draft is told at once, %s', async (_, env, ready) => {
    const full = mountable()
    if (!full) return
    const folder = emptyFolder()
    const screen = openTerminal({ folder, env: { ...env, XDG_STATE_HOME: full }, columns: 120 })
    await screen.shows(ready)
    writeFileSync(join(full, 'ballast'), Buffer.alloc(freeBytes(full)))
    await type(screen, 'words that are kept nowhere')
    await screen.shows('Could not keep a draft of what you are writing: the disk is full. Save often')
    await screen.shows('kept nowhere')
  })

  test('in the middle of a walk keeps the words in hand until there is room again', async context => {
    const folder = mountable()
    if (!folder) return context.skip('mounting is not allowed here')
    await plStories(['answer', 'warmup', 'safe and sound'], { folder })
    const screen = openTerminal({ folder, env: { TERM: 'dumb' }, columns: 300 })
    await screen.shows('Question 2 of 20')
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(freeBytes(folder)))
    await enter(screen, 'words that must last')
    await enter(screen, '.')
    await screen.shows(/Could not write .*: the disk is full/)
    await screen.shows('Not saved. Your words are still here, and kept as a draft.')
    await screen.shows('Written so far, 4 words, begins: words that must last')
    rmSync(join(folder, 'ballast'))
    await enter(screen, '.')
    await screen.shows('Saved. 2 of 20 answered.')
    await enter(screen, ':quit')
    expect(await screen.ended).toBe(0)
    expect(file(folder, NOTES)).toContain('\nwords that must last\n')
  })

  test('that has no room for the editor’s file is told, and nothing of it is left', async context => {
    const folder = mountable()
    if (!folder) return context.skip('mounting is not allowed here')
    const screen = openTerminal({ folder, args: ['--editor', 'false'], columns: 120 })
    await screen.shows('(1 of 20)')
    await screen.paste('words '.repeat(1000))
    await screen.shows('words words')
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(freeBytes(folder)))
    await press(screen, CTRL('o'))
    await screen.shows("The editor's file could not be made beside your notes: the disk is full.")
    expect(readdirSync(folder)).toEqual(['ballast'])
    // Its folder can't be unmounted while it is there.
    screen.kill('SIGKILL')
    await screen.ended
  })

  /** What is still free, less the little that the system keeps. */
  function freeBytes(folder: string): number {
    const [, line = ''] = execFileSync('df', ['-B1', '--output=avail', folder], { encoding: 'utf8' }).split(
      '\n',
    )
    return Number(line)
  }
})

test('a file that may grow no larger: exit 3, the words printed, nothing half-written', async context => {
  if (!MAY_DROP) context.skip('root cannot be put off here')
  const folder = await begunFolder()
  const before = file(folder, NOTES)
  const ended = await unprivileged([], {
    folder,
    // Blocks of 512 or 1,024 bytes, by the shell: the draft fits in neither.
    before: 'ulimit -f 4;',
    input: `precious ${'words '.repeat(2000)}\n.\n`,
  })
  expectRefused(folder, ended, before)
  expect(ended.err).toContain('the file would be larger than allowed here')
  expect(ended.err).toContain(`precious ${'words '.repeat(1999)}words`)
})

describe.runIf(MAY_DROP)('what may not be written', () => {
  test('a read-only folder is refused before anybody is asked', async () => {
    const folder = await begunFolder()
    const before = file(folder, NOTES)
    chmodSync(folder, 0o555)
    const walked = await unprivileged([], { folder, input: 'words\n.\n' })
    chmodSync(folder, 0o755)
    expectRefused(folder, walked, before)
    expect(walked.out).toBe('')
  })

  test('a read-only file', async () => {
    const folder = await begunFolder()
    const before = file(folder, NOTES)
    chmodSync(join(folder, NOTES), 0o444)
    for (const [args, input] of [
      [[], 'words\n.\n'],
      [['answer', 'action', 'words'], ''],
    ] as const) {
      const ended = await unprivileged([...args], { folder, input })
      expectRefused(folder, ended, before)
      expect(ended.err).toContain('it is read-only for you')
    }
  })

  test('a file that belongs to somebody else', async context => {
    if (!ROOT_USER) context.skip('only root can make one')
    const folder = await begunFolder()
    chownSync(join(folder, NOTES), 0, 0)
    chmodSync(join(folder, NOTES), 0o644)
    const before = file(folder, NOTES)
    expectRefused(folder, await unprivileged(['answer', 'action', 'words'], { folder }), before)
  })
})

describe('what is not there, or is something else', () => {
  test('a folder in the place of the notes', async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, NOTES))
    for (const [args, input] of [
      [[], 'words\n.\n'],
      [['answer', 'action', 'words'], ''],
    ] as const) {
      const { code, err } = await plStories([...args], { folder, input })
      expect(code).toBe(3)
      expect(err).toContain(`${join(folder, NOTES)}: that is a folder, not a file.`)
    }
    expect(readdirSync(folder)).toEqual([NOTES])
  })

  test('a folder that does not exist', async () => {
    const folder = emptyFolder()
    const { code, err } = await plStories(['--notes', 'no/such/notes.md'], { folder, input: 'words\n.\n' })
    expect(code).toBe(3)
    expect(err).toContain('there is no such file or folder')
    expect(readdirSync(folder)).toEqual([])
  })

  test('a link that leads nowhere', async () => {
    const folder = emptyFolder()
    execFileSync('ln', ['-s', 'nowhere/notes.md', join(folder, NOTES)])
    const { code, err } = await plStories(['answer', 'warmup', 'words'], { folder })
    expect(code).toBe(3)
    expect(err).toContain(`write in ${join(folder, 'nowhere')}: there is no such file or folder`)
  })

  test('a folder that vanishes in the middle of a walk: told, the words kept, and offered where the folder is now', async () => {
    const folder = emptyFolder()
    const home = join(folder, 'home')
    mkdirSync(home)
    const screen = openTerminal({ folder: home, env: { TERM: 'dumb' }, columns: 300 })
    await screen.shows('Question 1 of 20')
    renameSync(home, join(folder, 'moved'))
    await enter(screen, 'precious words')
    await enter(screen, '.')
    await screen.shows('Not saved. Your words are still here, and kept as a draft.')
    await enter(screen, ':quit')
    expect(await screen.ended).toBe(3)
    expect(await screen.history()).toContain('What you wrote last (2 words) is kept as a draft')
    expect(existsSync(home)).toBe(false)
    expect(readdirSync(join(folder, 'moved'))).toEqual([])
    const env = { XDG_STATE_HOME: `${home}.state` }
    const again = openTerminal({ folder: join(folder, 'moved'), env, columns: 300 })
    await again.shows(`Unsaved words for ${join(home, NOTES)}, which is no longer there`)
    await again.send('1')
    await again.shows('│ precious words')
  })

  test('notes broken by an editor in the middle of a walk: told with the line, saved once they are mended', async () => {
    const folder = await begunFolder()
    const before = file(folder, NOTES)
    const screen = openTerminal({ folder, env: { TERM: 'dumb' }, columns: 300 })
    await screen.shows('Question 2 of 20')
    file(folder, NOTES, before.replace('<!-- /answer -->', '<!-- /anwser -->'))
    await enter(screen, 'precious words')
    await enter(screen, '.')
    await screen.shows(/equity-notes\.md:\d+: the end mark of the answer to "warmup" is missing/)
    file(folder, NOTES, before)
    await enter(screen, '.')
    await screen.shows('Saved. 2 of 20 answered.')
  })
})
