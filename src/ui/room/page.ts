import { askedIn, clockStatus, isClosed, MINUTE, type Room, sayIn } from '../../domain/facilitation.ts'
import { whereIs } from '../../domain/guide.ts'
import { groupTitle, type ShownStep } from '../../domain/plan.ts'

/*
 * The room page: what the projector shows. It draws one message after the other; each is the whole state, in a type
 * that has no place for a facilitator's notes, a capture or an answer.
 */

/** What the room sees at one moment. */
export interface RoomView {
  /** The plan's title. */
  title: string
  /** The language of the guide's and the plan's words. */
  language: string
  /** `Step 3 of 8: What the story shows`. */
  step: string
  say: string[]
  /** The questions now being asked: each of groups that share them once, with those groups' names. */
  questions: { groups: string; label: string; text: string }[]
  /** In the first step: `Table 1: Element A: Academic Equity`. */
  groups: string[]
  norms: string[]
  clock: 'waiting' | 'running' | 'paused' | 'closed'
  /** Milliseconds left in the step when this was sent; negative when its time is over. */
  left: number
  blank: boolean
}

/** What the room sees of a room that is led: made of a ShownStep, which has no place for a facilitator's text. */
export function roomView(room: Room, now: number): RoomView {
  const { plan, groups, leading, blank } = room
  const { left, running } = clockStatus(leading, now)
  const started = leading.startedAt !== undefined
  const step: ShownStep | undefined = started ? plan.steps[leading.at] : undefined
  const asked = step ? askedIn(room, step) : []
  const first = leading.at === 0
  return {
    title: plan.title,
    language: plan.guide.language,
    step: step ? `Step ${leading.at + 1} of ${plan.steps.length}: ${step.title}` : plan.title,
    say: step ? sayIn(room, step) : [],
    questions: asked.map(({ question, whom }) => {
      const label = whereIs(plan.guide, question).parts.join(' · ')
      return { groups: whom, label, text: question.text }
    }),
    groups: first ? groups.map(groupTitle) : [],
    norms: first ? plan.norms : [],
    clock: isClosed(leading) ? 'closed' : !started ? 'waiting' : running ? 'running' : 'paused',
    left: Math.round(left * MINUTE),
    blank,
  }
}

/** The page, whole but for its first message. The nonce lets its own style and script in, and nothing else. */
export function roomPage({ title, language }: RoomView, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<header>
<h1 id="step" lang="${escaped(language)}" dir="auto"></h1>
<p id="clock" role="timer" aria-live="off"></p>
</header>
<main id="main" tabindex="0" lang="${escaped(language)}"></main>
<p id="said" role="status" class="unseen"></p>
<p id="waiting" hidden>Waiting for the facilitator’s computer…</p>
<noscript>This page needs JavaScript: it follows the facilitator's computer.</noscript>
<script nonce="${nonce}">(${follow.toString()})()</script>
</body>
</html>
`
}

const escaped = (text: string) => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`)

const STYLE = `
:root { color-scheme: light dark; --ink: #111; --paper: #fff; --soft: #444; --line: #767676; --late: #a30000 }
@media (prefers-color-scheme: dark) { :root { --ink: #fff; --paper: #0b0b0f; --soft: #ccc; --line: #8a8a8a; --late: #ff9d8f } }
* { box-sizing: border-box; margin: 0 }
html, body { height: 100% }
body { background: var(--paper); color: var(--ink); font: 4vmin/1.3 system-ui, sans-serif; padding: 2.5vmin 3.5vmin;
  display: flex; flex-direction: column; gap: 2vmin; overflow: hidden }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 3vmin }
h1 { font-size: 4.4vmin; font-weight: 600 }
#clock { font-size: 8vmin; font-weight: 700; font-variant-numeric: tabular-nums; white-space: nowrap; line-height: 1 }
#clock.late { color: var(--late) }
main { flex: 1; min-height: 0; overflow: auto; display: flex; flex-direction: column; gap: .6em }
main p, main li { overflow-wrap: break-word; max-width: 60em }
h2 { font-size: .75em; font-weight: 600; color: var(--soft) }
ul { padding-inline: 1.4em }
.asked { display: grid; gap: .6em; flex: 1 0 auto; grid-template-columns: repeat(var(--columns, 1), minmax(0, 1fr)) }
.box { border-top: .12em solid var(--line); padding-top: .3em }
.box p { font-weight: 600 }
.say { font-size: .8em }
.say.alone { font-size: 1em }
.lists { display: flex; flex-wrap: wrap; gap: .5em 2em; font-size: .8em }
.lists section { flex: 1 1 16em }
#waiting { position: fixed; inset: auto 0 0; padding: 1.5vmin; text-align: center; background: var(--ink); color: var(--paper) }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
body.blank { background: #000 }
body.blank > header, body.blank > main { visibility: hidden }
[hidden] { display: none }
`

/** The page's script. It runs in the browser, and uses nothing from outside itself. */
function follow(): void {
  // biome-ignore lint/suspicious/noExplicitAny: the browser's own objects are not known to this project
  const { document, EventSource, ResizeObserver, window } = globalThis as any
  const byId = (id: string) => document.getElementById(id)
  const main = byId('main')
  let state: RoomView | undefined
  let heard = performance.now()
  let drawn = ''
  let announced = new Set<string>()

  const make = (name: string, text = '', className = '') => {
    const element = document.createElement(name)
    element.textContent = text
    element.className = className
    element.dir = 'auto'
    return element
  }
  const list = (heading: string, items: string[]) => {
    const part = make('section')
    const rows = make('ul')
    rows.append(...items.map(item => make('li', item)))
    part.append(make('h2', heading), rows)
    part.firstChild.lang = 'en'
    return part
  }

  /** What changes with the step alone, as large as it fits. */
  const draw = ({ say, questions, groups, norms }: RoomView) => {
    const said = make('section', '', questions.length > 0 ? 'say' : 'say alone')
    said.append(...say.map(paragraph => make('p', paragraph)))
    const asked = make('section', '', 'asked')
    for (const { groups: whose, label, text } of questions) {
      const box = make('div', '', 'box')
      box.append(make('h2', whose === '' ? label : `${whose} · ${label}`), make('p', text))
      asked.append(box)
    }
    const lists = make('div', '', 'lists')
    if (norms.length > 0) lists.append(list('Norms', norms))
    if (groups.length > 0) lists.append(list('Groups', groups))
    main.replaceChildren(
      ...[say.length > 0 && said, questions.length > 0 && asked, lists.childElementCount > 0 && lists].filter(
        Boolean,
      ),
    )
    enlarge()
  }
  /**
   * The largest letters with which everything is seen at once, in as many columns: only the page itself can tell. In a
   * window that is too small, or enlarged a lot, one scrolls.
   */
  const enlarge = () => {
    const overflows = () =>
      main.scrollHeight > main.clientHeight + 1 || main.scrollWidth > main.clientWidth + 1
    const set = (size: number, columns: number) => {
      main.style.fontSize = `${size}px`
      main.style.setProperty('--columns', columns)
    }
    const boxes = document.querySelectorAll('.box').length
    const best = { size: 8, columns: 1 }
    for (let columns = 1; columns <= Math.min(4, Math.max(1, boxes)); columns++) {
      let high = Math.floor(window.innerHeight / 6)
      for (let low = best.size; low < high; ) {
        const size = Math.ceil((low + high) / 2)
        set(size, columns)
        if (overflows()) high = size - 1
        else {
          low = size
          Object.assign(best, { size, columns })
        }
      }
    }
    set(best.size, best.columns)
  }

  const announce = (key: string, text: string) => {
    if (announced.has(key)) return
    announced.add(key)
    byId('said').textContent = text
  }
  const tick = () => {
    const quiet = performance.now() - heard
    byId('waiting').hidden = state?.clock === 'closed' || quiet < 3500
    if (!state) return
    const clock = byId('clock')
    const left = Math.round((state.left - (state.clock === 'running' ? quiet : 0)) / 1000)
    const time = `${Math.floor(Math.max(0, left) / 60)}:${String(Math.max(0, left) % 60).padStart(2, '0')}`
    const text = {
      waiting: '',
      closed: '',
      paused: `Paused · ${time}`,
      running: left > 0 ? time : 'Time is up',
    }[state.clock]
    if (clock.textContent !== text) clock.textContent = text
    clock.classList.toggle('late', state.clock === 'running' && left <= 0)
    if (state.clock !== 'running') return
    if (left <= 0) announce('0', 'Time is up')
    else if (left <= 60) announce('1', '1 minute left')
    else if (left <= 300 && left > 240) announce('5', '5 minutes left')
  }
  const show = (next: RoomView) => {
    heard = performance.now()
    if (next.step !== state?.step) announced = new Set()
    state = next
    document.title = next.title
    document.body.classList.toggle('blank', next.blank)
    if (byId('step').textContent !== next.step) byId('step').textContent = next.step
    const now = JSON.stringify([next.say, next.questions, next.groups, next.norms])
    if (now !== drawn) draw(next)
    drawn = now
    announce('step', next.step)
    tick()
  }

  // biome-ignore lint/suspicious/noExplicitAny: see above
  let source: any
  const connect = () => {
    source = new EventSource('events')
    source.onmessage = ({ data }: { data: string }) => show(JSON.parse(data))
    // Firefox gives up after one refused try, and every browser after an error's status.
    source.onerror = () => source.readyState === 2 && setTimeout(connect, 1500)
  }
  window.addEventListener('pagehide', () => source.close())
  window.addEventListener('pageshow', ({ persisted }: { persisted: boolean }) => persisted && connect())
  // The heading and the clock above take another line or less, too.
  new ResizeObserver(enlarge).observe(main)
  document.addEventListener('visibilitychange', tick)
  document.fonts.ready.then(enlarge)
  setInterval(tick, 250)
  connect()
}
