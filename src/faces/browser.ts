import { spawn } from 'node:child_process'
import type { Guide, Link, Question } from '../guide.ts'

/** The links of the section that a question stands in, else all of the guide's. */
export function linksFor(guide: Guide, { kind }: Question): Link[] {
  const section = guide[kind === 'story' || kind === 'comparison' ? 'stories' : kind]
  return section.links.length > 0
    ? section.links
    : [...guide.warmup.links, ...guide.stories.links, ...guide.action.links]
}

/** Asks the system to show an address. Where no program can, the address that is printed beside has to do. */
export function openInBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url]
  const child = spawn(program as string, args, {
    stdio: 'ignore',
    detached: true,
  })
  child.on('error', () => {})
  child.unref()
}
