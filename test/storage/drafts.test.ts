import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isAlive, thisProcess } from '../../src/storage/lock.ts'
import { answersIn, draftsOf, emptyFolder, file, leaveDraft, PROGRAM, plStories } from '../support/helpers.ts'
import { CTRL, drafted, openTerminal } from '../support/terminal.ts'

const NOTES = 'equity-notes.md'
const SAVE = CTRL('s')

/** A session that was killed in the middle of its second answer. */
async function killed(folder: string, env: Record<string, string> = {}): Promise<void> {
  const screen = openTerminal({ folder, env })
  await screen.shows('(1 of 20)')
  await screen.send(`done${SAVE}`)
  await screen.shows('(2 of 20)')
  await screen.send('half a sentence')
  const state = env.XDG_STATE_HOME ?? `${folder}.state`
  await expect
    .poll(() => draftsOf(state.replace(/\.state$/, '')), { timeout: 5000 })
    .toMatchObject([{ text: 'half a sentence' }])
  screen.kill('SIGKILL')
  await screen.ended
}

test('unsaved words stay on this machine, and with whoever wrote them', async () => {
  const folder = emptyFolder()
  await killed(folder)
  expect(readdirSync(folder)).toEqual([NOTES])
  const colleague = openTerminal({ folder, env: { XDG_STATE_HOME: `${folder}.state/colleague` } })
  await colleague.shows('(2 of 20)')
  expect(await colleague.text()).not.toContain('half')
  await colleague.send(`by a colleague${SAVE}`)
  await colleague.shows('(3 of 20)')
  const again = openTerminal({ folder })
  await again.shows('│ half a sentence')
  await again.send(SAVE)
  await again.shows('(3 of 20)')
  expect((await answersIn(folder))['a.story.1']).toBe('by a colleague\n\n---\n\nhalf a sentence')
  expect(draftsOf(folder)).toEqual([])
})

test('words whose notes were moved are offered at the next start, and stay for them if that is wanted', async () => {
  const folder = emptyFolder()
  await killed(folder)
  renameSync(join(folder, NOTES), join(folder, 'table-1.md'))
  const keeping = openTerminal({ folder, args: ['--accessible', '--notes', 'other.md'], columns: 300 })
  await keeping.shows(
    `Unsaved words for ${join(folder, NOTES)}, which is no longer there (a.story.1, 3 words).`,
  )
  await keeping.shows('1 put them here · 2 keep them for those notes')
  await keeping.send('2')
  await keeping.shows(/notes\n2/)
  await keeping.send('\r')
  await keeping.shows('Question 1 of 20')
  keeping.kill('SIGKILL')
  await keeping.ended
  expect(draftsOf(folder)).toMatchObject([{ text: 'half a sentence', left: true }])

  leaveDraft(folder, 'a.story.1', 'half a sentence', 'gone.md')
  const screen = openTerminal({ folder, args: ['--notes', 'table-1.md'] })
  await screen.shows('Put them here')
  await screen.send('1')
  await screen.shows('│ half a sentence')
  await screen.send(SAVE)
  await screen.shows('(3 of 20)')
  expect(file(folder, 'table-1.md')).toContain('half a sentence')
})

test('where the state folder cannot be written they lie beside the notes, and that is told', async () => {
  const folder = emptyFolder()
  const env = { XDG_STATE_HOME: '/dev/null/state' }
  const screen = openTerminal({ folder, env })
  expect((await screen.shows('(1 of 20)')).replace(/\s+/g, ' ')).toContain(
    "pl-stories can't write to its state folder, so unsaved words are kept in a hidden file beside your notes.",
  )
  await screen.send('half a sentence')
  await expect.poll(() => readdirSync(folder).filter(name => name.endsWith('.draft'))).toHaveLength(1)
  screen.kill('SIGKILL')
  await screen.ended
  const again = openTerminal({ folder, env })
  await again.shows('│ half a sentence')
  expect((await plStories(['status'], { folder })).out).not.toContain('Not yet in your notes')
})

test('a session in another container that shares home and folder is left alone for a day', async context => {
  const container = ['--pid', '--fork', '--mount-proc', '--kill-child']
  if (spawnSync('unshare', [...container, 'true']).status !== 0)
    context.skip('namespaces cannot be made here')
  const folder = emptyFolder()
  const there = openTerminal({ folder, command: ['unshare', [...container, ...PROGRAM]] })
  await there.shows('(1 of 20)')
  await there.send('written in a container')
  await expect.poll(() => draftsOf(folder)).toHaveLength(1)
  const here = openTerminal({ folder })
  await here.shows('(1 of 20)')
  expect(await here.text()).not.toContain('container')
  here.kill('SIGKILL')
  there.kill('SIGKILL')
  await there.ended
  const drafts = join(`${folder}.state`, 'pl-stories', 'drafts')
  const dayBefore = Date.now() / 1000 - 25 * 3600
  for (const name of readdirSync(drafts)) utimesSync(join(drafts, name), dayBefore, dayBefore)
  await openTerminal({ folder }).shows('│ written in a container')
})

test('a process id that was given out again does not keep words from coming up', async () => {
  const folder = emptyFolder()
  leaveDraft(folder, 'warmup', 'from before')
  const [draft] = draftsOf(folder)
  const [host, boot, space] = thisProcess().split(' ')
  const by = [host, boot, space, process.pid, process.platform === 'linux' ? '1' : '-'].join(' ')
  file(join(`${folder}.state`, 'pl-stories', 'drafts'), 'left.draft', JSON.stringify({ ...draft, by }))
  if (process.platform === 'linux') await openTerminal({ folder }).shows('│ from before')
})

test('where notes were changed from outside, the caret stands at the end', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder })
  await screen.shows('(1 of 20)')
  await screen.send(`first words${CTRL('a')}`)
  await screen.send(CTRL('c'))
  await screen.send(CTRL('c'))
  await screen.ended
  await plStories(['answer', 'warmup', 'first words, and more of them', '--overwrite'], { folder })
  const again = openTerminal({ folder })
  await again.shows('│ first words, and more of them')
  await again.send('!')
  await again.shows('│ first words, and more of them!')
})

test('words come up also where a tool has put a file in the place of a link to the notes', async () => {
  const folder = emptyFolder()
  symlinkSync('real.md', join(folder, NOTES))
  const screen = openTerminal({ folder })
  await screen.shows('(1 of 20)')
  await screen.send(`done${SAVE}`)
  await screen.shows('(2 of 20)')
  copyFileSync(join(folder, 'real.md'), join(folder, 'new.md'))
  renameSync(join(folder, 'new.md'), join(folder, NOTES))
  await screen.send('half a sentence')
  await drafted(folder, 'half a sentence')
  screen.kill('SIGKILL')
  await screen.ended
  await openTerminal({ folder }).shows('│ half a sentence')
})

test('notes with a name of 240 bytes have a draft, too', async () => {
  const folder = emptyFolder()
  const name = `${'ö'.repeat(118)}x.md`
  mkdirSync(`${folder}.state`, { recursive: true })
  for (const [words, env] of [
    ['half a sentence', {}],
    ['another half', { XDG_STATE_HOME: '/dev/null/state' }],
  ] as const) {
    const screen = openTerminal({ folder, env, args: ['--notes', name] })
    await screen.shows('(1 of 20)')
    await screen.send(words)
    await drafted(folder, words)
    screen.kill('SIGKILL')
    await screen.ended
    const again = openTerminal({ folder, env, args: ['--notes', name] })
    await again.shows(`│ ${words}`)
    again.kill('SIGKILL')
    await again.ended
  }
})

test.runIf(process.platform === 'linux')(
  'a session that was killed is over, also where nobody asked for its end',
  async () => {
    const parent = spawn('sh', ['-c', 'exec 3<&0; head -c1 <&3 >/dev/null & echo $!; exec sleep 60'])
    onTestFinished(() => void parent.kill())
    const pid = String(await once(parent.stdout, 'data')).trim()
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    // A shell would ask for the end of its child; what has taken the shell's place does not.
    await vi.waitFor(() => expect(readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n'), 60_000)
    parent.stdin.end('x')
    await vi.waitFor(() => expect(stat()[0]).toBe('Z'), 60_000)
    const [host, boot, space] = thisProcess().split(' ')
    expect(isAlive([host, boot, space, pid, stat()[19]].join(' '), Date.now())).toBe(false)
  },
)
