import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readNotes, withAnswer } from '../src/notes/notes.ts'
import { ioError, renameOver } from '../src/storage/atomic-file.ts'
import { stateFolder } from '../src/storage/state.ts'
import { chooseEditor } from '../src/ui/environment.ts'
import { pasteKeys } from '../src/ui/messages.ts'
import { parseGuide } from './support/guides.ts'
import { EQUITY, emptyFolder, file, ROOT } from './support/helpers.ts'

/* What is other on Windows and on a Mac, as far as it can be tried elsewhere. */

const held = (code: string, times: number) => {
  let left = times
  const calls: string[] = []
  const rename = (from: unknown, to: unknown) => {
    calls.push(`${from} ${to}`)
    if (left-- > 0) throw Object.assign(new Error(code), { code })
  }
  return { rename, calls }
}

test('on Windows a refusal names the program that may have the file open', () => {
  for (const code of ['EPERM', 'EACCES', 'EBUSY'])
    expect(String(ioError(Object.assign(new Error(), { code }), 'write n.md', 3, 'win32'))).toContain(
      'Could not write n.md: another program (such as Word or a sync tool) has the file open',
    )
})

describe('on Windows, a file that another program holds', () => {
  test.each(['EPERM', 'EACCES', 'EBUSY'])('is replaced as soon as it lets go (%s)', async code => {
    const { rename, calls } = held(code, 3)
    expect(await renameOver('a', 'b', () => true, { rename, platform: 'win32' })).toBe(true)
    expect(calls).toEqual(['a b', 'a b', 'a b', 'a b'])
  })

  test('is not waited for without end', async () => {
    const { rename } = held('EBUSY', 1000)
    await expect(renameOver('a', 'b', () => true, { rename, platform: 'win32' })).rejects.toThrow('EBUSY')
  })

  test('is looked at anew before each try: what was written meanwhile is not undone', async () => {
    const { rename, calls } = held('EBUSY', 1)
    let asked = 0
    expect(await renameOver('a', 'b', () => asked++ === 0, { rename, platform: 'win32' })).toBe(false)
    expect(calls).toHaveLength(1)
  })

  test('elsewhere a refusal is told at once', async () => {
    const { rename, calls } = held('EPERM', 1)
    await expect(renameOver('a', 'b', () => true, { rename, platform: 'linux' })).rejects.toThrow('EPERM')
    expect(calls).toHaveLength(1)
  })
})

test('the editor is one that is there: Notepad on Windows, VS Code inside it, nano or vi', () => {
  const folder = emptyFolder()
  expect(chooseEditor(undefined, {}, 'win32')).toBe('notepad')
  expect(chooseEditor(undefined, { EDITOR: 'emacs' }, 'win32')).toBe('emacs')
  expect(chooseEditor('gedit', { VISUAL: 'emacs' }, 'linux')).toBe('gedit')
  expect(chooseEditor(undefined, { PATH: folder }, 'darwin')).toBeUndefined()
})

test('the keys for a paste are told as the terminals of each system have them', () => {
  expect(pasteKeys('darwin')).toBe('Cmd+V')
  expect(pasteKeys('win32')).toContain('Shift+Insert')
  expect(pasteKeys('linux')).toContain('Ctrl+Shift+V')
})

test('what is remembered stands where each system keeps such things, also without their variables', () => {
  const end = 'pl-stories'
  expect(stateFolder({}, 'linux')).toBe(join(homedir(), '.local', 'state', end))
  expect(stateFolder({ XDG_STATE_HOME: '/s' }, 'linux')).toBe(join('/s', end))
  expect(stateFolder({ XDG_STATE_HOME: 'relative/state' }, 'linux')).toBe(
    join(homedir(), '.local', 'state', end),
  )
  expect(stateFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe(join('/local', end))
  expect(stateFolder({}, 'win32')).toBe(join(homedir(), 'AppData', 'Local', end))
})

test('notes and guides with the line ends of Windows are read, and written as they are', () => {
  const guide = file(
    emptyFolder(),
    'guide.yaml',
    file(join(ROOT, 'guide'), 'equity.yaml').replaceAll('\n', '\r\n'),
  )
  expect(parseGuide({ name: 'guide.yaml', text: guide })).toEqual(EQUITY)
  const text =
    '---\r\nguide: ca-qpls-equity\r\nformat: 1\r\n---\r\n\r\n<!-- answer: warmup -->\r\n<!-- /answer -->\r\n'
  const notes = readNotes({ name: 'equity-notes.md', text })
  const saved = withAnswer(notes, EQUITY, 'warmup', { text: 'two\nlines', skipped: false })
  expect(saved).toContain('<!-- answer: warmup -->\r\ntwo\r\nlines\r\n<!-- /answer -->\r\n')
  expect(saved.replaceAll('\r\n', '')).not.toContain('\n')
})
