import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FOREIGN_GUIDE } from '../commands/own-guides.ts'
import { installed } from '../support/browser.ts'
import { BIN, emptyFolder, file, plStories } from '../support/helpers.ts'
import { CTRL, openTerminal } from '../support/terminal.ts'

/** What the Tab key finds behind these words, the last of which is being typed. */
async function found(words: string[], folder = emptyFolder()): Promise<string[]> {
  const { code, out, err } = await plStories(['completion', 'bash', '--', ...words], { folder })
  expect([code, err]).toEqual([0, ''])
  return out.split('\n').filter(word => word !== '')
}

describe('the Tab key finds', () => {
  test.each([
    ['commands', ['sta'], ['start', 'status']],
    ['commands behind common options', ['--notes', 'x.md', 'sta'], ['start', 'status']],
    ['formats', ['export', ''], ['markdown', 'html', 'docx', 'pdf', 'csv', 'json', 'yaml']],
    ['the formats of that command', ['handout', '--format', ''], ['markdown', 'html', 'docx', 'pdf', 'csv']],
    ['calendars for actions', ['actions', '--format', 'i'], ['ics']],
    ['what becomes of copies', ['combine', '--copies', ''], ['groups', 'merge', 'leave']],
    ['options', ['start', '--o'], ['--only', '--order', '--overwrite']],
    ['options of the work itself, without its command', ['--o'], ['--only', '--order', '--overwrite']],
    ['what an option takes, behind =', ['start', '--order', '=', 'wat'], ['watch-first']],
    ['guides for any command', ['status', '--guide', 'equ'], ['equity']],
    ['each option once', ['status', '--h'], ['--help']],
    ['a command by its other name', ['res'], ['resume']],
    ['what an option takes', ['start', '--order', ''], ['guide', 'watch-first']],
    ['plans', ['runsheet', '6'], ['60', '60-jigsaw']],
    ['plans to copy', ['new', 'x.yaml', '--plan', '4'], ['45']],
    ['guides to copy', ['new', 'x.yaml', '--from', ''], ['equity']],
    ['ids', ['answer', 'b.comparison.'], ['b.comparison.1', 'b.comparison.2', 'b.comparison.3']],
    ['parts', ['start', '--only', 'c.s'], ['c.story.1', 'c.story', 'c.story.2', 'c.story.3']],
    ['what can be read', ['read', 'no'], ['notes']],
    ['shells', ['completion', 'p'], ['powershell']],
    ['commands to be explained', ['help', 'exp'], ['export']],
    ['nothing where files are meant, which the shell knows', ['combine', 'a.md', ''], []],
    ['nothing where nothing follows', ['status', ''], []],
  ])('%s', async (_, words, expected) => {
    expect(await found(words)).toEqual(expected)
  })

  test('the ids of the guide that the notes are on', async () => {
    const folder = emptyFolder()
    file(folder, 'design.yaml', FOREIGN_GUIDE)
    expect(await found(['--guide', 'design.yaml', 'answer', 'h'], folder)).toEqual(['hello', 'hopes'])
    file(folder, 'damaged.md', '<!-- answer: warmup -->\n')
    expect(await found(['--notes', 'damaged.md', 'answer', 'w'], folder)).toEqual(['warmup'])
  })

  test('behind = in one word, for shells that make one of it', async () => {
    const { out } = await plStories(['completion', 'zsh', '--', 'start', '--order=wat'], {
      folder: emptyFolder(),
    })
    expect(out).toBe('--order=watch-first:\n')
  })

  test('in PowerShell words with what they mean, even for an empty word', async () => {
    const { out } = await plStories(['completion', 'powershell', '--', 'read', '+'], {
      folder: emptyFolder(),
    })
    expect(out.split('\n')[0]).toBe('guide\t')
    const { out: typed } = await plStories(['completion', 'powershell', '--', '+fac'], {
      folder: emptyFolder(),
    })
    expect(typed).toBe('facilitate\tlead a room through a plan: steps, clock, and what each table says\n')
  })
})

test('an unknown shell is answered with the nearest', async () => {
  expect(await plStories(['completion', 'bsh'], { folder: emptyFolder() })).toMatchObject({
    code: 2,
    err: 'There is no shell "bsh". Did you mean "bash"?\n',
  })
})

const SHELLS = {
  bash: ['--norc', '--noprofile', '-i'],
  zsh: ['-f', '-i'],
  fish: ['--no-config', '-i'],
}
const READ = {
  bash: 'source <(pl-stories completion bash)',
  zsh: 'autoload -U compinit && compinit -D -u; source <(pl-stories completion zsh)',
  fish: 'pl-stories completion fish | source',
}

describe.each(['bash', 'zsh', 'fish'] as const)('in a real %s', shell => {
  test.skipIf(!installed(shell))('Tab completes commands, options, ids and files', async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'bin'))
    symlinkSync(BIN, join(folder, 'bin', 'pl-stories'))
    chmodSync(BIN, 0o755)
    file(folder, 'my-tables.md', '')
    const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, PS1: '$ ', HOME: folder }
    const screen = openTerminal({ folder, env, columns: 100, command: [shell, SHELLS[shell]] })
    await screen.send(`${READ[shell]}; echo rea''dy\r`)
    await screen.shows(/^ready$/m)
    await screen.send('pl-stories new x.yaml --from \t')
    // Fish offers files along with it.
    await screen.shows(/--from equity|^bin\/ +equity/m)
    await screen.send(CTRL('u'))
    await screen.shows(/(?:\$|#) *$/)
    await screen.send('pl-stories facil\t')
    await screen.shows('pl-stories facilitate')
    await screen.send('60-\t')
    await screen.shows('60-jigsaw')
    await screen.send(CTRL('u'))
    await screen.shows(/(?:\$|#) *$/)
    await screen.send('pl-stories start --or\t')
    await screen.shows('pl-stories start --order')
    await screen.send('wat\t')
    await screen.shows('--order watch-first')
    await screen.send(CTRL('u'))
    await screen.shows(/(?:\$|#) *$/)
    await screen.send('pl-stories combine my-t\t')
    await screen.shows('pl-stories combine my-tables.md')
  })
})
