import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Key, KeyDecoder } from '../../../src/ui/terminal/key-decoder.ts'

const ESC = '\u001b'

/** Feeds pieces one after the other, each so many milliseconds after the one before. */
function decode(pieces: string[], apart = 1000): Key[] {
  const decoder = new KeyDecoder()
  return pieces.flatMap((piece, i) => decoder.feed(piece, i * apart)).concat(decoder.flush())
}

const names = (keys: Key[]) => keys.map(key => (key.kind === 'key' ? key.name : `${key.kind}:${key.text}`))

/** A text cut at arbitrary places. */
const cut = (text: string, places: number[]) => {
  const at = [...new Set(places.map(place => place % (text.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, i) => text.slice(from, at[i] ?? text.length)).filter(piece => piece !== '')
}

describe('what terminals send for a key', () => {
  test.each([
    ['\r', 'enter'],
    ['\n', 'ctrl+j'],
    ['\u0013', 'ctrl+s'],
    ['\u0004', 'ctrl+d'],
    ['\u001f', 'ctrl+_'],
    ['\u007f', 'backspace'],
    [`${ESC}\r`, 'alt+enter'],
    [`${ESC}[Z`, 'shift+tab'],
    [`${ESC}[A`, 'up'],
    [`${ESC}OA`, 'up'],
    [`${ESC}[1;5C`, 'ctrl+right'],
    [`${ESC}[1;3D`, 'alt+left'],
    [`${ESC}b`, 'alt+b'],
    [`${ESC}[H`, 'home'],
    [`${ESC}[4~`, 'end'],
    [`${ESC}[3~`, 'delete'],
    [`${ESC}[5~`, 'pageup'],
    [`${ESC}[1;5H`, 'ctrl+home'],
    [`${ESC}[27;2;13~`, 'shift+enter'],
    [`${ESC}[13;2u`, 'shift+enter'],
    [`${ESC}[115;5u`, 'ctrl+s'],
    [`${ESC}\u007f`, 'alt+backspace'],
  ])('%j is %s', (bytes, name) => {
    expect(names(decode([bytes]))).toEqual([name])
  })

  test('a sequence is understood wherever it is cut, if its parts follow each other closely', () => {
    const sequences = [`${ESC}[1;5C`, `${ESC}[27;2;13~`, `${ESC}OA`, `${ESC}[Z`, `${ESC}b`]
    fc.assert(
      fc.property(fc.constantFrom(...sequences), fc.array(fc.nat(), { maxLength: 4 }), (sequence, places) => {
        expect(names(decode(cut(sequence, places), 2))).toEqual(names(decode([sequence])))
      }),
    )
  })

  test('Esc alone is Esc, when nothing follows', () => {
    const decoder = new KeyDecoder()
    expect(decoder.feed(ESC, 0)).toEqual([])
    expect(decoder.dueAt()).toBe(50)
    expect(names(decoder.flush())).toEqual(['escape'])
  })

  test('answers of the terminal and focus reports are no keys and no text', () => {
    expect(
      decode([`${ESC}]11;rgb:0000/0000/0000${ESC}\\`, `${ESC}[?62;22c`, `${ESC}[I`, `${ESC}P1$r0m${ESC}\\`]),
    ).toEqual([])
  })

  test('typed text stays text, whatever the alphabet', () => {
    expect(decode(['é', '專業', 'العدالة', '👩🏽‍🏫'])).toEqual([
      { kind: 'text', text: 'é', hurried: false },
      { kind: 'text', text: '專業', hurried: false },
      { kind: 'text', text: 'العدالة', hurried: false },
      { kind: 'text', text: '👩🏽‍🏫', hurried: false },
    ])
  })
})

describe('a paste', () => {
  const anyText = fc.string({
    unit: fc.constantFrom('a', 'B', ' ', '\t', '\n', '\r\n', '•', 'é', '專', '👩🏽‍🏫', '.', ':'),
  })

  test('between marks is one paste, however it is cut, with its line ends as line feeds', () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.nat()), fc.integer({ min: 0, max: 100 }), (text, places, apart) => {
        const keys = decode(cut(`${ESC}[200~${text}${ESC}[201~`, places), apart)
        expect(keys).toEqual([{ kind: 'paste', text: text.replace(/\r\n?/g, '\n') }])
      }),
    )
  })

  test('whose end mark is lost is taken after four seconds', () => {
    const decoder = new KeyDecoder()
    expect(decoder.feed(`${ESC}[200~words`, 0)).toEqual([])
    expect(decoder.dueAt()).toBe(4000)
    expect(decoder.flush()).toEqual([{ kind: 'paste', text: 'words' }])
  })

  test('may be followed by keys in the same piece', () => {
    expect(names(decode([`${ESC}[200~a\rb${ESC}[201~\u0013`]))).toEqual(['paste:a\nb', 'ctrl+s'])
  })

  test('without marks comes as pastes, text and Enters that together are the text, however it is cut', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.array(fc.nat(), { maxLength: 60 }),
        fc.integer({ min: 0, max: 3 }),
        (text, places, apart) => {
          const sent = text.replaceAll('\r\n', '\n').replaceAll('\n', '\r')
          const keys = decode(cut(sent, places), apart)
          const typed = keys.map(key =>
            key.kind === 'key'
              ? ({ enter: '\n', tab: '\t', 'ctrl+j': '\n' }[key.name] ?? `<${key.name}>`)
              : key.text,
          )
          expect(typed.join('')).toBe(text.replaceAll('\r\n', '\n'))
        },
      ),
    )
  })

  test('with line ends of Windows, one byte a millisecond, has one line end each', () => {
    const keys = decode([...'a\r\nb\r\n\r\nc'], 1)
    expect(keys.map(key => (key.kind === 'key' ? '\n' : key.text)).join('')).toBe('a\nb\n\nc')
  })

  test('makes the Enter that follows it at once a hurried one, and one pressed later not', () => {
    const decoder = new KeyDecoder()
    decoder.feed('y', 0)
    expect(decoder.feed('\r', 5)).toEqual([{ kind: 'key', name: 'enter', hurried: true }])
    expect(decoder.feed('\r', 500)).toEqual([{ kind: 'key', name: 'enter', hurried: false }])
  })
})
