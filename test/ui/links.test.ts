import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FOREIGN_GUIDE } from '../commands/own-guides.ts'
import { emptyFolder, file, plStories } from '../support/helpers.ts'
import { CTRL, ESC, openTerminal } from '../support/terminal.ts'

/** A folder with a guide of two videos, and a browser that writes down what it is asked to show. */
function place() {
  const folder = emptyFolder()
  file(folder, 'design.yaml', FOREIGN_GUIDE)
  file(folder, 'xdg-open', `#!/bin/sh\necho "$1" > "${folder}/opened"\n`)
  chmodSync(join(folder, 'xdg-open'), 0o755)
  const env = { PATH: `${folder}:${process.env.PATH}`, DISPLAY: ':0' }
  const opened = async (): Promise<string> => {
    for (;;) {
      try {
        const address = file(folder, 'opened').trim()
        if (address !== '') return address
      } catch {
        // The browser is still starting.
      }
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  return { folder, env, opened }
}

test.skipIf(process.platform !== 'linux')(
  'of several links, the menu opens the one that is chosen',
  async () => {
    const { folder, env, opened } = place()
    const screen = openTerminal({ folder, env, args: ['--guide', 'design.yaml', '--only', 'e1.s'] })
    await screen.shows('How does the story show purpose')
    await screen.send(ESC)
    await screen.shows('O  Open the link')
    await screen.send('o')
    await screen.shows('2. Second film: https://example.org/films/2')
    await screen.send('2')
    await screen.shows('Second film: https://example.org/films/2')
    expect(await opened()).toBe('https://example.org/films/2')
  },
)

test.skipIf(process.platform !== 'linux')(
  'in lines, :open tells them and :open 2 opens the second',
  async () => {
    const { folder, env, opened } = place()
    const input = ':open\n:open 2\n:quit\n'
    const { out } = await plStories(['--guide', 'design.yaml', '--only', 'e1.s'], { folder, env, input })
    expect(out).toContain(
      '1 First film: https://example.org/films/1\n2 Second film: https://example.org/films/2\n:open 1 opens the first.\nSecond film: https://example.org/films/2\n',
    )
    expect(await opened()).toBe('https://example.org/films/2')
  },
)

test.skipIf(process.platform !== 'linux')(
  'a document made at the end can be opened at once, but not where nothing can show it',
  async () => {
    const { folder, env, opened } = place()
    const args = ['--only', 'action']
    const screen = openTerminal({ folder, env, args })
    await screen.shows('One action per line: what (who, by when)')
    await screen.send('Share the survey (Ana, by May 1)')
    await screen.shows('by May 1)')
    await screen.send(CTRL('s'))
    await screen.shows('D  Word document')
    await screen.send('d')
    await screen.shows(/The Word document: .*equity-notes\.docx[\s\S]*Open it now\?/)
    await screen.send('o')
    await screen.shows('D  Word document')
    expect(await opened()).toBe(join(folder, 'equity-notes.docx'))
    const bare = openTerminal({ folder, env: { ...env, DISPLAY: '' }, args })
    await bare.shows('H  Web page')
    await bare.send('h')
    await bare.shows(/The web page: .*\n\n.*last question/)
    expect(await bare.text()).not.toContain('Open it now?')
    rmSync(join(folder, 'opened'))
    const exported = openTerminal({ folder, env, args: ['export', 'html'] })
    await exported.shows(/equity-notes\.html: unchanged[\s\S]*Open it now\?/)
    await exported.send('1')
    expect(await exported.ended).toBe(0)
    expect(await opened()).toBe(join(folder, 'equity-notes.html'))
  },
)
