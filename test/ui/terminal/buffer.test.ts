import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { caretOf, type Editing, editing, textOf, view } from '../../../src/ui/terminal/buffer.ts'
import { press } from '../../../src/ui/terminal/textarea.ts'
import { clusterEnd, clusterStart, Wrap } from '../../../src/ui/terminal/wrap.ts'

const page = (width = 20, height = 5) => ({ wrap: new Wrap(width), height })

/** Presses keys by name; what is in quotes is typed. */
function pressed(start: Editing, ...keys: string[]): Editing {
  const at = page()
  return keys.reduce((now, key) => {
    const typed = /^'(.*)'$/s.exec(key)?.[1]
    return press(
      now,
      typed === undefined
        ? { kind: 'key', name: key, hurried: false }
        : { kind: 'text', text: typed, hurried: false },
      at,
    ).now
  }, start)
}

/** The text with `|` where the caret stands. */
const shown = (now: Editing) => `${textOf(now).slice(0, caretOf(now))}|${textOf(now).slice(caretOf(now))}`
const from = (text: string) => editing(text.replace('|', ''), text.indexOf('|'))

const FAMILY = '👩🏽‍🏫'
const FLAG = '🇨🇦'
const E_ACUTE = 'e\u0301'

describe('writing', () => {
  test.each([
    ['types where the caret stands', 'on|e', ["'X'"], 'onX|e'],
    ['makes a new line at Enter', 'one|two', ['enter'], 'one\n|two'],
    ['deletes over line ends', 'one\n|two', ['backspace'], 'one|two'],
    ['deletes forward over line ends', 'one|\ntwo', ['delete'], 'one|two'],
    ['takes back a word', 'three good words|', ['ctrl+w'], 'three good |'],
    ['deletes the word ahead', 'three |good words', ['alt+d'], 'three | words'],
    ['deletes to the start and to the end of the line', 'a\nleft|right\nb', ['ctrl+u'], 'a\n|right\nb'],
    ['deletes to the end of the line', 'a\nleft|right\nb', ['ctrl+k'], 'a\nleft|\nb'],
    ['moves by words', 'one two, three|', ['ctrl+left', 'ctrl+left'], 'one |two, three'],
    ['moves by words over accents', 'Élèves|', ['alt+b'], '|Élèves'],
    ['goes to the top and the bottom', 'a\nb\nc|', ['ctrl+home', "'x'", 'ctrl+end', "'y'"], 'xa\nb\ncy|'],
    [
      'keeps the column over short lines',
      'longer line\nx\nanother line|',
      ['up', 'up'],
      'longer line|\nx\nanother line',
    ],
    ['takes an emoji family as one', `a${FAMILY}|b`, ['backspace'], 'a|b'],
    ['takes a flag as one', `${FLAG}${FLAG}|`, ['left', 'backspace'], `|${FLAG}`],
    ['takes a letter with its accent as one', `caf${E_ACUTE}|s`, ['left', 'delete'], 'caf|s'],
    ['takes Chinese letters one by one', '專業|', ['backspace'], '專|'],
    ['inserts a tab as a tab', '|', ['tab', "'x'"], '\tx|'],
  ])('%s', (_name, before, keys, after) => {
    expect(shown(pressed(from(before), ...keys))).toBe(after)
  })

  test('undo takes back words, pastes and deletions, redo brings them again', () => {
    let now = pressed(editing('', 0), "'o'", "'n'", "'e'", "' '", "'t'", "'w'", "'o'")
    now = press(now, { kind: 'paste', text: '\npasted\nlines' }, page()).now
    now = pressed(now, 'backspace', 'backspace')
    expect(textOf(now)).toBe('one two\npasted\nlin')
    now = pressed(now, 'ctrl+z')
    expect(textOf(now)).toBe('one two\npasted\nlines')
    now = pressed(now, 'ctrl+z')
    expect(textOf(now)).toBe('one two')
    now = pressed(now, 'ctrl+z')
    expect(textOf(now)).toBe('one')
    now = pressed(now, 'ctrl+y', 'ctrl+y', 'ctrl+y')
    expect(textOf(now)).toBe('one two\npasted\nlin')
  })

  test('control characters and escape sequences that are pasted never get into an answer', () => {
    const { now } = press(
      editing('', 0),
      { kind: 'paste', text: 'a\u001b[31mred\u001b[0m\u0007\u0000\tb\u009b' },
      page(),
    )
    expect(textOf(now)).toBe('ared\tb')
  })
})

const letters = fc.constantFrom(
  'a',
  ' ',
  '\t',
  'é',
  E_ACUTE,
  '專',
  FAMILY,
  FLAG,
  '\u200b',
  'ع',
  '\n',
  '한',
  'ไ',
  '.',
  '—',
)
const anyText = fc.string({ unit: letters, maxLength: 60 })
const anyKey = fc.constantFrom(
  ...[
    'left',
    'right',
    'up',
    'down',
    'home',
    'end',
    'ctrl+left',
    'ctrl+right',
    'backspace',
    'delete',
    'enter',
    'ctrl+w',
    'alt+d',
  ],
  ...['ctrl+u', 'ctrl+k', 'ctrl+z', 'ctrl+y', 'pageup', 'pagedown', "'x'", `'${FAMILY}'`, "'專'", "' '"],
)

describe('for all texts and keys', () => {
  test('the caret never stands inside a character, and undoing everything gives the first text again', () => {
    fc.assert(
      fc.property(anyText, fc.array(anyKey, { maxLength: 30 }), (text, keys) => {
        let now = editing(text, text.length)
        for (const key of keys) {
          now = pressed(now, key)
          const line = now.text.lines[now.text.row] ?? ''
          const { col } = now.text
          expect(col === 0 || clusterEnd(line, clusterStart(line, col)) === col).toBe(true)
        }
        while (now.past.length > 0) now = pressed(now, 'ctrl+z')
        expect(textOf(now)).toBe(text)
      }),
    )
  })

  test('the rows of a line are the line, none wider than the window, and an edit leaves them as if wrapped anew', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.integer({ min: 4, max: 30 }), (before, after, width) => {
        const line = (text: string) => text.replaceAll('\n', ' ')
        const kept = new Wrap(width)
        kept.starts(0, line(before), Number.POSITIVE_INFINITY)
        const common = line(before) + line(after)
        const starts = kept.starts(0, common, common.length)
        expect(starts).toEqual(new Wrap(width).starts(0, common, common.length))
        const rows = starts.map((start, i) => common.slice(start, starts[i + 1] ?? common.length))
        expect(rows.join('')).toBe(common)
        for (const row of rows)
          expect(stringWidth(row.trimEnd().replaceAll('\t', '    '))).toBeLessThanOrEqual(Math.max(width, 4))
      }),
    )
  })

  test('signs that stand around numbers in Arabic are drawn as letters are', () => {
    expect(new Wrap(4).starts(0, '\u06dd12\u060034', 6)).toEqual([0, 3])
  })

  test('the view holds the caret and is never higher or wider than it may be', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.array(anyKey, { maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        (text, keys, height) => {
          const at = page(12, height)
          let now = editing(text, 0)
          let top = { row: 0, screenRow: 0 }
          for (const key of keys) {
            now = pressed(now, key)
            const seen = view(now.text, at.wrap, height, top)
            top = seen.top
            expect(seen.rows.length).toBeLessThanOrEqual(height)
            expect(seen.caret.row).toBeLessThan(seen.rows.length)
            expect(seen.caret.column).toBeLessThanOrEqual(12)
          }
        },
      ),
    )
  })
})
