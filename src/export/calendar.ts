/** Something that is due on a day. */
export interface DueDay {
  /** The same whenever this is written, so that a second import changes the event and doesn't double it. */
  uid: string
  /** `2027-01-15` */
  day: string
  summary: string
  description: string
  /** When what it was read from was last changed. */
  changed: Date
}

/** An iCalendar file (RFC 5545) with an all-day event for each: calendars of schools import events, and not to-dos. */
export function* calendar(events: Iterable<DueDay>): Generator<string> {
  yield* contentLines(['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//pl-stories//actions//EN'])
  for (const { uid, day, summary, description, changed } of events)
    yield* contentLines([
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `DTSTAMP:${changed.toISOString().replace(/[-:]|\.\d+/g, '')}`,
      // Grows with every change, as readers that keep the newer of two expect.
      `SEQUENCE:${Math.max(0, Math.floor(changed.getTime() / 1000) - START_OF_2020)}`,
      `DTSTART;VALUE=DATE:${compact(day)}`,
      `DTEND;VALUE=DATE:${compact(dayAfter(day))}`,
      // Some readers leave out an event whose summary has a line break.
      `SUMMARY:${escaped(summary.replace(/\s+/g, ' ').trim())}`,
      ...(description === '' ? [] : [`DESCRIPTION:${escaped(description)}`]),
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ])
  yield* contentLines(['END:VCALENDAR'])
}

const START_OF_2020 = 1_577_836_800
const compact = (day: string) => day.replaceAll('-', '')
const DAY_MS = 86_400_000
const dayAfter = (day: string) => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10)

const escaped = (text: string) =>
  text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|[\r\n\u2028\u2029]/g, '\\n')
    .replace(/[\u0000-\u001f\u007f]/g, ' ')

const MOST_OCTETS = 75

/** Lines that end with CRLF, folded at 75 octets, never inside a character: no reader puts its bytes together again. */
function* contentLines(lines: readonly string[]): Generator<string> {
  for (const line of lines) {
    let octets = 0
    let folded = ''
    for (const character of line) {
      const size = Buffer.byteLength(character)
      const full = octets + size > MOST_OCTETS
      folded += full ? `\r\n ${character}` : character
      octets = full ? 1 + size : octets + size
    }
    yield `${folded}\r\n`
  }
}
