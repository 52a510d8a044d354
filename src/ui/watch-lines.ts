import type { Guide } from '../domain/guide.ts'
import { elapsed, jotLine, jotsIn, type Stopwatch, toggled } from '../domain/jots.ts'
import { onStopwatch } from '../domain/time-of-day.ts'
import { JotKeeper } from './jot-keeper.ts'
import { jotCount } from './messages.ts'
import type { Talk } from './plain/prompter.ts'
import type { Sitting } from './session-port.ts'
import type { Watch } from './watch.ts'

const HOW_TO =
  'Start the video now. Each line is a jot, kept with its time. A label before it, such as a2, puts it to that question. A line with a single dot ends. :help tells what else there is.'

const HELP = `A line with a single dot   ends watching; the stopwatch stops
:pause                     the stopwatch stands still, and goes on at the next :pause
:time                      what the stopwatch says
:set 4:20                  set the stopwatch to the time of the video
a2 and a space             the jot belongs to question 2 of Element A about the story
Two colons begin a jot with a colon.`

/** Watching with a stopwatch: every line is kept at once as a jot. The stopwatch goes on where it stood. */
export function watchInLines(
  talk: Talk,
  { clock, jot, hold, leaving }: Pick<Sitting, 'clock' | 'jot' | 'hold' | 'leaving'>,
): Watch {
  const { say } = talk
  const keeper = new JotKeeper(jot)
  let stopwatch: Stopwatch = { minutes: 0 }
  const now = () => elapsed(stopwatch, clock())
  const toggle = () => {
    stopwatch = toggled(stopwatch, clock())
  }
  const set = (minutes: number) => {
    stopwatch = { minutes, ...(stopwatch.since !== undefined && { since: clock() }) }
  }
  const commands = commandsOf({ say, now, toggle, set, runs: () => stopwatch.since !== undefined })

  const keep = async (guide: Guide, said: string) => {
    const text = jotLine(guide, now(), said)
    await keeper.keep(text)
    const [{ question } = {}] = jotsIn(guide, text)
    say(
      keeper.trouble === ''
        ? `Kept at ${onStopwatch(now())}${question ? ` for ${question.id}` : ''}.`
        : `Not saved yet, and tried again with the next: ${keeper.trouble}`,
    )
  }

  return async ({ guide, question }) => {
    // What waits to be saved is held with the line that is being typed.
    const holdAll = (line = '') => hold([...keeper.waiting, line].join('\n').trim(), question?.id)
    const nextLine = () =>
      talk.nextLine(() => holdAll(/^\s*[:.]/.test(talk.unfinished()) ? '' : talk.unfinished()))
    if (stopwatch.since === undefined) toggle()
    say(`The stopwatch runs from ${onStopwatch(now())}. ${HOW_TO}`)
    let kept = 0
    for (let line = await nextLine(); line; line = await nextLine()) {
      const said = line.text.trim()
      const [, name = '', argument = ''] = (!line.pasted && /^:([a-z]+)\s*(.*)$/.exec(said)) || []
      if ((said === '.' && !line.pasted) || name === 'done' || name === 'quit') break
      if (said === '') continue
      if (Object.hasOwn(commands, name)) commands[name]?.(argument)
      else {
        await keep(guide, said.replace(/^::/, ':'))
        kept++
        holdAll()
        if (name !== '')
          say(`(":${name}" is no command here, so it was kept as a jot. :help lists the commands.)`)
      }
    }
    if (stopwatch.since !== undefined) toggle()
    const unsaved = await keeper.end()
    if (!leaving.aborted) hold('')
    say(`The stopwatch stands at ${onStopwatch(now())}. ${jotCount(kept - unsaved.length)} kept.`)
    return unsaved
  }
}

interface Clock {
  say(text: string): void
  /** Minutes. */
  now(): number
  toggle(): void
  set(minutes: number): void
  runs(): boolean
}

function commandsOf({ say, now, toggle, set, runs }: Clock): Record<string, (argument: string) => void> {
  const time = () => onStopwatch(now())
  return {
    pause() {
      toggle()
      say(runs() ? `It goes on from ${time()}.` : `The stopwatch stands at ${time()}.`)
    },
    time: () => say(`${time()}${runs() ? '' : ', and stands still'}.`),
    set(argument) {
      const parts = /^(\d{1,3}):([0-5]\d)$/.exec(argument)
      if (!parts) return say('Say minutes and seconds, as in :set 4:20.')
      set(Number(parts[1]) + Number(parts[2]) / 60)
      say(`The stopwatch is set to ${time()}.`)
    },
    help: () => say(HELP),
  }
}
