import type { Room } from '../../domain/facilitation.ts'
import { isClosed } from '../../domain/leading.ts'
import type { Key } from './keys.ts'
import type { Choice } from './select.ts'

/* What a facilitator can ask for with a key or in the menu. */

export type Act =
  | 'start'
  | 'next'
  | 'back'
  | 'pause'
  | 'more'
  | 'short'
  | 'capture'
  | 'jots'
  | 'notes'
  | 'say'
  | 'opening'
  | 'until'
  | 'read'
  | 'share'
  | 'anew'
  | 'menu'
  | 'leave'
  | 'interrupt'
  | { text: string }

const LETTERS: Record<string, Act> = {
  n: 'next',
  b: 'back',
  p: 'pause',
  m: 'more',
  '+': 'more',
  s: 'short',
  c: 'capture',
  j: 'jots',
  f: 'notes',
  t: 'say',
  o: 'opening',
  d: 'share',
}
const NAMED: Record<string, Act> = {
  pagedown: 'next',
  pageup: 'back',
  escape: 'menu',
  'ctrl+c': 'interrupt',
  enter: 'start',
}
/** Keys that turn the pages of what stands there. */
export const PAGES: Record<string, number> = { tab: 1, right: 1, 'shift+tab': -1, left: -1 }

/** What a key asks for. Whatever is pasted is something that a group said. */
export function actOf(key: Key): Act | undefined {
  if (key.kind === 'paste') return key.text.trim() === '' ? undefined : { text: key.text.trimEnd() }
  if (key.kind === 'text') return key.hurried ? undefined : LETTERS[key.text.toLowerCase()]
  return NAMED[key.name]
}

export function menuFor({ leading, groups }: Room): Choice<Act>[] {
  const started = leading.startedAt !== undefined
  const open = started && !isClosed(leading)
  const choices: (Choice<Act> | false)[] = [
    !started && { name: 'Start the clock', value: 'start' },
    open && { name: 'Next step', value: 'next' },
    started && leading.at > 0 && { name: 'Back to the step before', value: 'back' },
    open && { name: leading.since === undefined ? 'Let the clock go on' : 'Pause the clock', value: 'pause' },
    open && { name: 'One minute more', value: 'more' },
    open && { name: "Short on time: the plan's cuts, spread, or run over", value: 'short' },
    started && { name: 'Capture: write down what a group says', value: 'capture' },
    open && { name: 'Jots: stopwatch and short notes', value: 'jots' },
    open && { name: 'Notes for you; everybody who sees the screen sees them', value: 'notes' },
    open && { name: 'What to say', value: 'say' },
    open && { name: 'Norms, roles, materials and groups', value: 'opening' },
    open && { name: 'When the room has to end', value: 'until' },
    started && { name: `Read what ${groups.length > 1 ? 'a group' : 'the room'} has written`, value: 'read' },
    started && { name: 'Digest of all groups and brief summary, as Word files', value: 'share' },
    started && { name: 'Begin the plan anew', value: 'anew' },
    { name: 'Leave; everything is saved', value: 'leave' },
  ]
  return choices.filter(choice => choice !== false)
}
