import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../support/place.ts'
import { againstTable } from './against.ts'
import { binaryTable } from './binary.ts'
import { keysTable } from './keys.ts'
import { roomTable } from './room.ts'
import { saveTable } from './save.ts'
import { scaleTable } from './scale.ts'
import { commandsTable, preparePeers, questionTable } from './starts.ts'

/*
 * npm run bench measures all; npm run bench -- keys save only these. All of it is kept in figures.md.
 * --against COMMIT builds that commit too, and runs it in the same rounds.
 */

const PARTS: Record<string, [title: string, measure: () => Promise<string[]>]> = {
  commands: ['Commands, beside a bare `node -e 0` in the same round', commandsTable],
  question: ['The first question on the screen of a terminal of 80×24', questionTable],
  keys: ['In a long answer, from the keyboard to the screen', keysTable],
  save: [
    'A save, beside the bare write, fsync, rename and fsync of the folder with the same bytes',
    saveTable,
  ],
  room: ['Leading a room, while another program asks for its page as fast as it can', roomTable],
  scale: ['Large guides, and many groups', scaleTable],
  binary: ['One file to run, beside the package', binaryTable],
  growth: ['What grows with the work', () => againstTable(against)],
}

const against = argument('--against')
const asked = process.argv.slice(2)
const unknown = asked.filter(name => !(name in PARTS))
if (unknown.length > 0) throw new Error(`Parts: ${Object.keys(PARTS).join(', ')}`)
const wanted = (name: string) => asked.length === 0 || asked.includes(name)
if (wanted('commands') || wanted('question')) preparePeers()
const said: string[] = []
for (const [name, [title, measure]] of Object.entries(PARTS)) {
  if (!wanted(name)) continue
  const section = [`## ${title}`, '', ...(await measure()), '']
  console.log(section.join('\n'))
  said.push(...section)
}
if (asked.length === 0) {
  const [processor] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const machine = `${processor?.model.trim()}, ${cpus().length} cores, ${memory} GiB, ${process.platform}, Node ${process.versions.node}`
  const head = [
    '# Figures',
    '',
    `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine}. Medians; the machine is shared, so only what stands in one table can be compared.`,
    '',
  ]
  writeFileSync(join(ROOT, 'test', 'bench', 'figures.md'), `${[...head, ...said].join('\n').trimEnd()}\n`)
}

/** Takes an option and its value off the command line. */
function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv.splice(at, 2)[1]
}
