/** One thing somebody will do, read from a line such as `- [ ] Share the survey (Ana, by 15 January)`. */
export interface Action {
  what: string
  who: string
  when: string
  done: boolean
}

const ITEM = /^\s*(?:[-*+•]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(?=\S)/

/** The actions in an answer, one a line. Below a list item a line that goes on with it belongs to it. */
export function actionsIn(text: string): Action[] {
  const whole: string[] = []
  let above = ''
  let inItem = false
  for (const line of text.split('\n')) {
    const last = whole.at(-1)
    if (inItem && last !== undefined && !ITEM.test(line) && goesOn(above, line))
      whole[whole.length - 1] = `${last} ${line.trim()}`.trimEnd()
    else if (line.trim() !== '') {
      whole.push(line)
      inItem = ITEM.test(line)
    }
    above = line
  }
  return whole.map(actionOf)
}

/** What is indented, and what stands directly below a line that ends no sentence. */
const goesOn = (above: string, line: string) => /^\s/.test(line) || /[^.!?)\s]\s*$/.test(above)

function actionOf(line: string): Action {
  const mark = ITEM.exec(line)
  const text = line.slice(mark?.[0].length ?? 0).trim()
  const done = mark?.[1]?.toLowerCase() === 'x'
  const [, what, aside] = /^(.*\S)\s*\(([^()]+)\)[.\s]*$/.exec(text) ?? []
  if (what === undefined || aside === undefined) return { what: text, who: '', when: '', done }
  const comma = aside.search(/[,;]/)
  const timely = /^\s*(?:by|before|until|due)\b|\d/i.test(aside)
  const who = comma >= 0 ? aside.slice(0, comma) : timely ? '' : aside
  const when = comma >= 0 ? aside.slice(comma + 1) : timely ? aside : ''
  return { what, who: who.trim(), when: when.trim().replace(/^(?:by|due)\s+/i, ''), done }
}
