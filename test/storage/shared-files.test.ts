import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { answersIn, BIN, emptyFolder, file, plainEnv, plStories } from '../support/helpers.ts'

/* What people's machines do to files: other owners, links, devices, pipes, odd names, odd homes. */

const NOTES = 'equity-notes.md'
const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0
const ROOT_USER = process.getuid?.() === 0 && has('setpriv', '--version')
/** As another user, who is in a group besides their own. */
const as = (uid: number, group?: number) => [
  ...['setpriv', `--reuid=${uid}`, `--regid=${uid}`],
  group === undefined ? '--clear-groups' : `--groups=${group}`,
]
const [ANA, BEN, TEAM] = [54_001, 54_002, 54_100]

/** A folder with Ana's notes, which the team may write. */
async function shared(folderMode: number, mode: number): Promise<string> {
  const folder = emptyFolder()
  chmodSync(folder, 0o777)
  await plStories(['answer', 'warmup', 'by Ana'], { folder, via: as(ANA) })
  chownSync(join(folder, NOTES), ANA, TEAM)
  chmodSync(join(folder, NOTES), mode)
  chownSync(folder, 0, TEAM)
  chmodSync(folder, folderMode)
  return folder
}

describe.runIf(ROOT_USER)('notes that several people may write', () => {
  test.each([
    ['in a folder that hands on its group', 0o2770],
    ['in a folder that does not', 0o777],
  ])('%s stay those of the group, whoever saves', async (_, folderMode) => {
    const folder = await shared(folderMode, 0o660)
    for (const [who, id] of [
      [BEN, 'action'],
      [ANA, 'a.story.1'],
      [BEN, 'a.story.2'],
    ] as const) {
      const { code, err } = await plStories(['answer', id, `by ${who}`], { folder, via: as(who, TEAM) })
      expect([code, err]).toEqual([0, expect.stringContaining('changed')])
      const { gid, mode } = statSync(join(folder, NOTES))
      expect([gid, mode & 0o7777]).toEqual([TEAM, 0o660])
    }
    expect(Object.keys(await answersIn(folder))).toEqual(['warmup', 'a.story.1', 'a.story.2', 'action'])
    expect(readdirSync(folder)).toEqual([NOTES])
  })

  test.each([
    ['whose group the writer is not in', 0o777],
    ['in a sticky folder, where only its owner may replace it', 0o1777],
  ])('%s are written in place', async (_, folderMode) => {
    const folder = await shared(folderMode, 0o666)
    const before = statSync(join(folder, NOTES))
    const walked = await plStories([], { folder, via: as(BEN), input: 'by Ben\n.\n' })
    expect([walked.code, walked.err]).toEqual([1, ''])
    await plStories(['answer', 'warmup', '--overwrite', 'short'], { folder, via: as(BEN) })
    const { uid, gid, ino, mode } = statSync(join(folder, NOTES))
    expect({ uid, gid, ino, mode }).toEqual({ uid: ANA, gid: TEAM, ino: before.ino, mode: before.mode })
    expect(await answersIn(folder)).toEqual({ warmup: 'short', 'a.story.1': 'by Ben' })
    expect(readdirSync(folder)).toEqual([NOTES])
  })
})

test('hard links stay one file', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'warmup', 'one'], { folder })
  linkSync(join(folder, NOTES), join(folder, 'also.md'))
  await plStories(['answer', 'action', 'two'], { folder })
  expect(await answersIn(folder, 'also.md')).toEqual({ warmup: 'one', action: 'two' })
  expect(statSync(join(folder, NOTES)).nlink).toBe(2)
  expect(readdirSync(folder)).toEqual(['also.md', NOTES])
})

test('links that form a loop, and hidden ones, are told of or left alone; the rest is read', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'warmup', 'words'], { folder })
  for (const name of ['loop.md', `.${NOTES}.x1.tmp`, `.${NOTES}.x2.copy`, `.${NOTES}.m-1.edit.md`])
    symlinkSync(name, join(folder, name))
  for (const [args, code] of [
    [['combine', '.'], 1],
    [['check', '.'], 2],
    [['actions', '.'], 1],
  ] as const) {
    const { out, err, ...ended } = await plStories([...args], { folder })
    expect([ended.code, out + err]).toEqual([
      code,
      expect.stringMatching(/Could not read .*loop\.md: the links /),
    ])
  }
  const walked = await plStories([], { folder, input: 'more\n.\n' })
  expect([walked.code, walked.err]).toEqual([1, ''])
  expect(await answersIn(folder)).toEqual({ warmup: 'words', 'a.story.1': 'more' })
})

test('a link to notes that are not there yet leads to the new notes; one planted at a hidden name is not followed', async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'docs'))
  symlinkSync('docs/mine.md', join(folder, 'second.md'))
  symlinkSync('second.md', join(folder, NOTES))
  file(folder, 'victim', 'untouched')
  symlinkSync(join(folder, 'victim'), join(folder, 'docs', '.mine.md.lock'))
  const { code, err } = await plStories(['answer', 'warmup', 'words'], { folder })
  expect([code, err]).toEqual([0, expect.stringContaining('created')])
  expect(file(join(folder, 'docs'), 'mine.md')).toContain('\nwords\n')
  expect(lstatSync(join(folder, NOTES)).isSymbolicLink()).toBe(true)
  expect(file(folder, 'victim')).toBe('untouched')
  expect(readdirSync(join(folder, 'docs'))).toEqual(['mine.md'])
})

test.runIf(process.platform === 'linux')('nobody can foretell the names of temporary files', async () => {
  const folder = emptyFolder()
  const names = new Set<string>()
  const watcher = watch(folder, (_, name) => names.add(String(name)))
  for (const id of ['warmup', 'action', 'a.story.1']) await plStories(['answer', id, 'words'], { folder })
  await expect.poll(() => [...names].filter(name => name.endsWith('.tmp')).length).toBe(3)
  watcher.close()
})

describe.runIf(has('mkfifo', '--version'))('what is no file', () => {
  test.runIf(ROOT_USER)('a device is written to and stays a device', async context => {
    const folder = emptyFolder()
    if (!has('mknod', join(folder, 'null.md'), 'c', '1', '3')) context.skip('devices cannot be made here')
    await plStories(['answer', 'warmup', 'words'], { folder })
    const exported = await plStories(['export', '-o', 'null.md'], { folder })
    expect([exported.code, exported.err]).toEqual([0, `${join(folder, 'null.md')}: written\n`])
    const walked = await plStories(['--notes', 'null.md'], { folder, input: 'words\n.\n' })
    expect(walked.out).toContain('Saved.')
    expect(lstatSync(join(folder, 'null.md')).isCharacterDevice()).toBe(true)
    expect(readdirSync(folder)).toEqual([NOTES, 'null.md'])
  })

  test('a pipe takes a result, is refused as notes, and in a folder it is told of and not opened', async () => {
    const folder = emptyFolder()
    await plStories(['answer', 'warmup', 'words'], { folder })
    execFileSync('mkfifo', [join(folder, 'pipe.md')])
    symlinkSync('pipe.md', join(folder, 'to-pipe.md'))
    const exporting = plStories(['export', '-o', 'pipe.md'], { folder })
    expect(execFileSync('cat', [join(folder, 'pipe.md')], { encoding: 'utf8' })).toContain('words')
    expect((await exporting).code).toBe(0)
    for (const args of [
      ['--notes', 'pipe.md'],
      ['status', '--notes', 'pipe.md'],
    ]) {
      const { code, err } = await plStories(args, { folder, input: 'words\n.\n' })
      expect([code, err]).toEqual([2, expect.stringContaining("pipe.md is a pipe, which can't keep notes.")])
    }
    for (const command of ['combine', 'check']) {
      const { code, out, err } = await plStories([command, '.'], { folder })
      expect(code).toBe(0)
      for (const name of ['pipe.md', 'to-pipe.md'])
        expect(out + err).toContain(`\n${name}: is a device, a pipe or a socket: not opened`)
    }
    expect(lstatSync(join(folder, 'pipe.md')).isFIFO()).toBe(true)
  })

  test.runIf(has('bash', '--version'))('/dev/stdout, and a pipe that the shell names', async () => {
    const folder = emptyFolder()
    await plStories(['answer', 'warmup', 'words'], { folder })
    const bash = (line: string) =>
      execFileSync('bash', ['-c', line.replaceAll('PL', `'${process.execPath}' '${BIN}'`)], {
        cwd: folder,
        env: plainEnv(folder),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    const whole = bash('PL export')
    expect(whole).toContain('words')
    expect(bash('PL export -o /dev/stdout | cat')).toBe(whole)
    bash('echo above > x.txt; PL export -o /dev/stdout >> x.txt')
    expect(file(folder, 'x.txt')).toBe(`above\n${whole}`)
    expect(bash(`PL combine <(cat ${NOTES})`)).toContain('words')
  })
})

test('where a handle cannot be synced, as under Yarn’s Plug’n’Play, answers are saved', async () => {
  const folder = emptyFolder()
  file(
    folder,
    'pnp.cjs',
    `const fs = require('node:fs')
     const { open } = fs.promises
     fs.promises.open = async (...given) => {
       const handle = await open(...given)
       handle.sync = handle.datasync = () => { throw new Error('Method not implemented.') }
       return handle
     }`,
  )
  const env = { NODE_OPTIONS: `--require ${join(folder, 'pnp.cjs')}` }
  const { code, err } = await plStories([], { folder, env, input: 'words\n.\n' })
  expect([code, err]).toEqual([1, ''])
  expect(await answersIn(folder)).toEqual({ warmup: 'words' })
})

test('a name of 240 bytes, and two that begin alike', async () => {
  const folder = emptyFolder()
  const names = ['a', 'b'].map(end => `${'ö'.repeat(118)}${end}.md`)
  for (const name of names) {
    const { code, err } = await plStories(['--notes', name], { folder, input: `${name}\n.\n` })
    expect([code, err]).toEqual([1, ''])
  }
  for (const name of names) expect(await answersIn(folder, name)).toEqual({ warmup: name })
  expect(readdirSync(folder)).toEqual(names)
})

describe('a home that is not as usual', () => {
  test('a folder that was deleted is told of', async () => {
    const folder = emptyFolder()
    for (const args of [['status'], ['check', 'x'], []]) {
      const gone = join(folder, 'gone')
      mkdirSync(gone)
      const { code, err } = await plStories(args, {
        folder: gone,
        via: ['sh', '-c', 'rmdir ../gone; exec "$@"', 'sh'],
      })
      expect([code, err]).toEqual([
        2,
        expect.stringContaining('The folder that you are in no longer exists.'),
      ])
    }
  })

  test.runIf(ROOT_USER)('a user without a home works', async () => {
    const folder = emptyFolder()
    chmodSync(folder, 0o777)
    const via = ['env', '-u', 'HOME', '-u', 'XDG_STATE_HOME', ...as(ANA)]
    const { code, err } = await plStories([], { folder, via, input: 'words\n.\n' })
    expect([code, err]).toEqual([1, ''])
    expect(await answersIn(folder)).toEqual({ warmup: 'words' })
  })

  test('a state folder that is not an absolute path is not used', async () => {
    const folder = emptyFolder()
    await plStories(['answer', 'warmup', 'x'], { folder, env: { XDG_STATE_HOME: 'state' } })
    const { out } = await plStories([], { folder, env: { XDG_STATE_HOME: 'state' }, input: 'words\n.\n' })
    expect(out).toContain('Saved.')
    expect(readdirSync(folder).filter(name => name === 'state')).toEqual([])
  })
})

test('a byte order mark in front of what comes through a pipe is an encoding', async () => {
  const folder = emptyFolder()
  const walk = (input: string) => plStories([], { folder, input: `\ufeff${input}` })
  expect((await walk('.\n')).out).toContain('open')
  expect((await walk(':quit\n')).code).toBe(0)
  expect(readdirSync(folder)).toEqual([])
  await walk('words\n.\n')
  await plStories(['answer', 'action', '-'], { folder, input: '\ufeffmore' })
  expect(await answersIn(folder)).toEqual({ warmup: 'words', action: 'more' })
  file(folder, 'answers.yaml', '\ufeffguide: ca-qpls-equity\nanswers:\n  a.story.1: third\n')
  await plStories(['start', '--no-input', '--answers', 'answers.yaml'], { folder })
  expect((await answersIn(folder))['a.story.1']).toBe('third')
})

test.runIf(process.platform === 'linux')('a name with accents is found however they are spelt', async () => {
  const folder = emptyFolder()
  const [composed, apart] = ['é', 'e\u0301'].map(letter => `r${letter}sum${letter}.md`)
  mkdirSync(join(folder, 'cafe\u0301'))
  for (const name of [apart, `caf\u00e9/${composed}`]) {
    await plStories(['answer', 'warmup', 'one', '--notes', name as string], { folder })
    const other = (name as string).normalize(name === apart ? 'NFC' : 'NFD')
    await plStories(['answer', 'action', 'two', '--notes', other], { folder })
    expect(await answersIn(folder, other)).toEqual({ warmup: 'one', action: 'two' })
  }
  expect(readdirSync(folder).filter(name => name.endsWith('.md'))).toEqual([apart])
  expect((await plStories(['combine', composed as string], { folder })).out).toContain('1 group')
  writeFileSync(join(folder, composed as string), file(folder, apart as string).replace('two', 'three'))
  const { out } = await plStories(['combine', '.'], { folder })
  expect(out.normalize()).toContain('**résumé:**')
  expect(out.normalize()).toContain('**résumé (2):**')
})

describe('which files are meant', () => {
  async function tables(): Promise<string> {
    const folder = emptyFolder()
    for (const name of ['table-1.md', 'table-2.md', 'table-10.md', 'spring/oak.md']) {
      mkdirSync(join(folder, 'spring'), { recursive: true })
      await plStories(['answer', 'warmup', `by ${name}`, '--notes', name], { folder })
    }
    return folder
  }

  test('a star that no shell has replaced stands for the files of its folder', async () => {
    const folder = await tables()
    const { code, out } = await plStories(['combine', '*.md'], { folder })
    expect(code).toBe(0)
    expect(out.match(/by table-\d+/g)).toEqual(['by table-1', 'by table-2', 'by table-10'])
    expect((await plStories(['combine', 'table-?.md'], { folder })).out).not.toContain('table-10')
    expect((await plStories(['check', 'spring/o*k.md'], { folder })).out).toContain('spring/oak.md')
    const none = await plStories(['combine', '*.txt'], { folder })
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('There is no file *.txt')])
  })

  test('subfolders are read with --recursive, and told of without', async () => {
    const folder = await tables()
    const flat = await plStories(['combine', '.'], { folder })
    expect(flat.out).not.toContain('oak')
    expect(flat.err).toContain('spring: not read (--recursive reads subfolders, too)')
    const deep = await plStories(['combine', '.', '--recursive'], { folder })
    expect(deep.out).toContain('by spring/oak.md')
    expect((await plStories(['check', '.', '--recursive'], { folder })).out).toContain('spring/oak.md')
  })
})
