/** One thing somebody will do, read from a line such as `- [ ] Share the survey (Ana, by 15 January)`. */
export interface Action {
  what: string
  who: string
  when: string
  done: boolean
}

const ITEM = /^\s*(?:[-*+•]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(?=\S)/

/** The actions in an answer, one a line. Where some lines are list items, the others belong to the item above. */
export function actionsIn(text: string): Action[] {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const listed = lines.some(line => ITEM.test(line))
  const whole: string[] = []
  for (const line of lines) {
    const last = whole.at(-1)
    if (!listed || ITEM.test(line) || last === undefined) whole.push(line)
    else whole[whole.length - 1] = `${last} ${line.trim()}`
  }
  return whole.map(actionOf)
}

function actionOf(line: string): Action {
  const mark = ITEM.exec(line)
  const text = line.slice(mark?.[0].length ?? 0).trim()
  const done = mark?.[1]?.toLowerCase() === 'x'
  const [, what, aside] = /^(.*\S)\s*\(([^()]+)\)[.\s]*$/.exec(text) ?? []
  if (what === undefined || aside === undefined) return { what: text, who: '', when: '', done }
  const comma = aside.indexOf(',')
  const timely = /^\s*(?:by|before|until|due)\b|\d/i.test(aside)
  const who = comma >= 0 ? aside.slice(0, comma) : timely ? '' : aside
  const when = comma >= 0 ? aside.slice(comma + 1) : timely ? aside : ''
  return { what, who: who.trim(), when: when.trim().replace(/^(?:by|due)\s+/i, ''), done }
}
