/**
 * One thing that came from the keyboard. A key is named like `enter`, `ctrl+s`, `alt+left`; `hurried` means that it
 * came sooner after text than a hand can press it.
 */
export type Key =
  | { kind: 'text'; text: string; hurried: boolean }
  | { kind: 'key'; name: string; hurried: boolean }
  /** `continued`: goes on with the paste before it, which arrived in pieces. */
  | { kind: 'paste'; text: string; continued?: boolean }

/** A hand cannot press the next key this soon. */
export const HURRY_MS = process.platform === 'win32' ? 30 : 20
/** How long an ESC may be the beginning of a sequence. */
const ESCAPE_MS = 50
/** How long one that has begun may take to arrive over a slow line. */
const SEQUENCE_MS = 1000
/** After this long without input a paste whose end mark was lost is taken as it is. */
const PASTE_IDLE_MS = 4000

const ESC = '\u001b'
const PASTE_BEGIN = `${ESC}[200~`
const PASTE_END = `${ESC}[201~`

/** A piece that ends in text or Enter may be part of a paste; one that ends in a command is a key. */
const ENDS_IN_TEXT = /[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]$/
/** What no clipboard holds was typed: Backspace, Ctrl and arrow keys, and the line breaks of word processors alone. */
const TYPED = /[\u0000-\u0008\u000e-\u001f\u007f]|^[\u000b\u000c]$/

/** Whether a piece holds keys that only a hand presses: it was typed, however fast it arrived. */
export const isTyping = (piece: string) => TYPED.test(piece)

/**
 * Turns what a terminal sends into keys and pastes, however it is cut into pieces. Control sequences are read as
 * ECMA-48 builds them, so that an unknown one is swallowed whole. Without bracketed paste, a piece with a line end
 * inside is a paste, and so is text that follows one faster than a hand.
 */
export class KeyDecoder {
  #waiting = ''
  #pasting = false
  #last = Number.NEGATIVE_INFINITY
  #lastText = Number.NEGATIVE_INFINITY
  #pasteUntil = Number.NEGATIVE_INFINITY
  #afterReturn = false

  /** The keys of a piece of input that arrived at a time, in milliseconds. */
  feed(piece: string, now: number): Key[] {
    const typing = isTyping(piece)
    const hurried = !typing && now - this.#lastText < HURRY_MS
    this.#last = now
    if (!typing && ENDS_IN_TEXT.test(piece)) this.#lastText = now
    this.#waiting += piece
    return this.#take(hurried, typing, now)
  }

  /** When `flush` has something to say, if nothing else arrives before. */
  dueAt(): number | undefined {
    if (this.#pasting) return this.#last + PASTE_IDLE_MS
    const { length } = this.#waiting
    return length === 0 ? undefined : this.#last + (length > 2 ? SEQUENCE_MS : ESCAPE_MS)
  }

  /** What waited for more that did not come. */
  flush(): Key[] {
    const text = this.#waiting
    const pasting = this.#pasting
    this.#waiting = ''
    this.#pasting = false
    if (pasting) return [{ kind: 'paste', text: lineFeeds(text) }]
    return text === ESC || text === ESC + ESC ? [{ kind: 'key', name: 'escape', hurried: false }] : []
  }

  #take(hurried: boolean, typing: boolean, now: number): Key[] {
    const keys: Key[] = []
    while (this.#waiting !== '') {
      // What follows text in the same piece follows it faster than a hand, unless the whole piece was typed.
      const fast = hurried || (!typing && keys.some(key => key.kind !== 'key' || key.name === 'enter'))
      if (this.#pasting) {
        const end = this.#waiting.indexOf(PASTE_END)
        if (end === -1) break
        keys.push({ kind: 'paste', text: lineFeeds(this.#waiting.slice(0, end)) })
        this.#waiting = this.#waiting.slice(end + PASTE_END.length)
        this.#pasting = false
      } else if (this.#waiting.startsWith(PASTE_BEGIN)) {
        this.#waiting = this.#waiting.slice(PASTE_BEGIN.length)
        this.#pasting = true
      } else if (this.#waiting.startsWith(ESC)) {
        const sequence = sequenceAt(this.#waiting)
        if (!sequence) break
        const { length, key } = sequence
        if (key !== undefined) keys.push(named(key, fast))
        this.#waiting = this.#waiting.slice(length)
      } else {
        const run = /^[^\u001b]+/.exec(this.#waiting)?.[0] ?? ''
        const pasted = !typing && this.#unmarkedPaste(keys, run, now)
        this.#waiting = this.#waiting.slice(pasted ? run.length : this.#plain(keys, fast))
      }
    }
    return keys
  }

  /** Takes a run without ESC as a paste, if it has a line end inside or follows a paste faster than a hand. */
  #unmarkedPaste(keys: Key[], run: string, now: number): boolean {
    const brokenInside = /[\r\n](?!$)/.test(run.replaceAll('\r\n', '\n'))
    const continued = now < this.#pasteUntil
    if (!brokenInside && !continued) return false
    this.#pasteUntil = now + HURRY_MS
    const text = this.#afterReturn ? run.replace(/^\n/, '') : run
    this.#afterReturn = run.endsWith('\r')
    if (text !== '') keys.push({ kind: 'paste', text: lineFeeds(text), ...(continued && { continued }) })
    return true
  }

  /** Takes typed text or one control character, and returns how many characters it took. */
  #plain(keys: Key[], hurried: boolean): number {
    const afterReturn = this.#afterReturn && hurried
    this.#afterReturn = false
    const text = /^[^\u0000-\u001f\u007f]+/.exec(this.#waiting)?.[0]
    if (text) {
      keys.push({ kind: 'text', text, hurried })
      return text.length
    }
    const character = this.#waiting.charAt(0)
    if (character === '\r') this.#afterReturn = true
    // Enter as carriage return and line feed is one Enter.
    if (character === '\n' && (afterReturn || lastIsEnter(keys))) return 1
    keys.push({ kind: 'key', name: controlName(character), hurried })
    return 1
  }
}

const lineFeeds = (text: string) => text.replace(/\r\n?/g, '\n')
const lastIsEnter = (keys: Key[]) => {
  const last = keys.at(-1)
  return last?.kind === 'key' && last.name === 'enter'
}

/** A key by its name; a single character stands for itself. */
const named = (key: string, hurried: boolean): Key =>
  [...key].length === 1 ? { kind: 'text', text: key, hurried } : { kind: 'key', name: key, hurried }

function controlName(control: string): string {
  const code = control.charCodeAt(0)
  return CODES[code] ?? `ctrl+${String.fromCharCode(code + (code > 0 && code < 27 ? 96 : 64))}`
}

/** What stands at the beginning of a text: its length, and the key if it is one of ours. */
interface Sequence {
  length: number
  key?: string | undefined
}

/** The sequence that begins with the ESC at the beginning of a text; undefined if it is not whole yet. */
function sequenceAt(text: string): Sequence | undefined {
  const second = text.charAt(1)
  if (second === '') return undefined
  if (second === ESC) return doubled(text)
  if (second === '[') return controlSequence(text)
  if (second === 'O') return singleShift(text)
  if (']P_^X'.includes(second)) return controlString(text)
  return altKey(text)
}

/** Alt with a key that is a sequence itself (urxvt), or Esc, which Emacs' terminal sends twice. */
function doubled(text: string): Sequence | undefined {
  const inner = text.slice(1)
  if (inner === ESC) return undefined
  if (inner.startsWith(PASTE_BEGIN)) return { length: 1, key: 'escape' }
  if (!/^.[[O]/s.test(inner)) return { length: 2, key: 'escape' }
  const sequence = sequenceAt(inner)
  if (!sequence) return undefined
  const { length, key = '' } = sequence
  // A single character is a key of the number pad.
  return { length: 1 + length, ...(key.length > 1 && { key: `alt+${key}` }) }
}

/** Parameters, intermediate characters and a final one. The Linux console puts a second bracket in front of F1 to F5. */
const CSI_HEAD = /^\u001b\[(\[|[0-?]*)([ -/]*)/

function controlSequence(text: string): Sequence | undefined {
  const [head = '', parameters = '', intermediates = ''] = CSI_HEAD.exec(text) ?? []
  // urxvt ends what is pressed with Shift in a dollar sign, which is an intermediate character elsewhere.
  if (intermediates.startsWith('$') && /^\d+$/.test(parameters))
    return { length: head.length - intermediates.length + 1, key: csiKey(parameters, '$') }
  const final = text.charAt(head.length)
  if (final === '') return undefined
  if (!/[@-~]/.test(final)) return { length: head.length }
  const length = head.length + 1
  if (final === 'M' && head.length === 2) {
    // A report of the mouse as old programs ask for it: three characters follow.
    const report = /^[^\u001b]{0,3}/.exec(text.slice(length))?.[0] ?? ''
    return report.length < 3 && length + report.length === text.length
      ? undefined
      : { length: length + report.length }
  }
  return { length, ...(intermediates === '' && { key: csiKey(parameters, final) }) }
}

const SS3 = /^\u001bO([0-9;]*)([@-~])?/

function singleShift(text: string): Sequence | undefined {
  const [all = '', parameters = '', final] = SS3.exec(text) ?? []
  if (final === undefined) return all.length === text.length ? undefined : { length: all.length }
  const key =
    final === 'M'
      ? 'enter'
      : /[j-y]/.test(final)
        ? String.fromCharCode(final.charCodeAt(0) - 0x40)
        : /[a-d]/.test(final)
          ? `ctrl+${FINALS[final.toUpperCase()]}`
          : csiKey(parameters === '' ? '' : `1;${parameters}`, final)
  return { length: all.length, key }
}

/** An answer of the terminal, up to its end (BEL or ESC \). */
const STRING = /^\u001b[\]P_^X][^\u0000-\u001f]*/

function controlString(text: string): Sequence | undefined {
  const length = STRING.exec(text)?.[0].length ?? 0
  const end = text.slice(length, length + 2)
  if (end === '' || end === ESC) return undefined
  if (end.startsWith('\u0007')) return { length: length + 1 }
  if (end.startsWith(ESC)) return { length: length + (end === `${ESC}\\` ? 2 : 0) }
  // Another control character ends no answer: this was Alt and a key, and then text.
  return altKey(text)
}

function altKey(text: string): Sequence {
  const character = String.fromCodePoint(text.codePointAt(1) ?? 0)
  const name =
    character === '\n'
      ? 'enter'
      : /[\u0000-\u001f\u007f]/.test(character)
        ? controlName(character)
        : character.toLowerCase()
  return { length: 1 + character.length, key: `alt+${name}` }
}

const FINALS: Record<string, string> = Object.fromEntries(
  'A up,B down,C right,D left,H home,F end,P f1,Z shift+tab'.split(',').map(each => each.split(' ')),
)
/** By number, from 1 on. */
const TILDES = 'home insert delete end pageup pagedown home end - - f1'.split(' ')
/** What urxvt puts for the tilde, as the modifiers of other terminals. */
const URXVT: Record<string, number> = { $: 2, '^': 5, '@': 6 }
const CODES: Record<number, string> = {
  8: 'backspace',
  9: 'tab',
  13: 'enter',
  27: 'escape',
  127: 'backspace',
}
/** The number pad of the newest keyboard protocol, from its 0 on. */
const KEYPAD_CODE = 57399
const KEYPAD = [
  ...'0123456789./*-+',
  ...'enter = , left right up down pageup pagedown home end insert delete'.split(' '),
]

/** The name of a control sequence; a single character stands for itself; undefined for what is no key of ours. */
function csiKey(parameters: string, final: string): string | undefined {
  if (parameters === '[') return final === 'A' ? 'f1' : undefined
  if (/^[<=>?]/.test(parameters)) return undefined
  const [[code = 0, shifted] = [], [modifier = 0, event] = [], [third = 0] = []] = parameters
    .split(';')
    .map(part => part.split(':').map(Number))
  const mods = modifiers(URXVT[final] ?? modifier)
  // Of a key that is let go nothing is done, nor of one with Super.
  if (event === 3 || mods === undefined) return undefined
  if (final === 'u') return codeKey(code, mods, third || shifted)
  if (final === '~' && code === 27) return codeKey(third, mods)
  const arrow = parameters === '' && /[a-d]/.test(final) ? final.toUpperCase() : final
  const name = final === '~' || final in URXVT ? TILDES[code - 1] : FINALS[arrow]
  // Nothing of ours is marked by Shift and a move.
  return name && name !== '-' ? mods.replace('shift+', '') + name : undefined
}

/** A key told by its character code, as newer protocols do; `shown`: the code of what it writes, if that was told. */
function codeKey(code: number, mods: string, shown?: number): string | undefined {
  const name = CODES[code] ?? KEYPAD[code - KEYPAD_CODE]
  if (name) return name.length > 1 ? mods + name : name
  if (code < 32 || code > 0x10ffff || (code >= 0xe000 && code <= 0xf8ff)) return undefined
  const character = String.fromCodePoint(code)
  if (mods === '') return character
  if (mods === 'shift+')
    return shown !== undefined && shown > 32 && shown <= 0x10ffff
      ? String.fromCodePoint(shown)
      : character.toUpperCase()
  return mods.replace('shift+', '') + character.toLowerCase()
}

/** `ctrl+alt+shift+` of a sum of modifiers; undefined for one with Super, Hyper or Meta. Locks do not matter. */
function modifiers(value: number): string | undefined {
  const bits = value > 0 ? value - 1 : 0
  if (bits & 0b111000) return undefined
  return `${bits & 4 ? 'ctrl+' : ''}${bits & 2 ? 'alt+' : ''}${bits & 1 ? 'shift+' : ''}`
}
