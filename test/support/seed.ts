import fc from 'fast-check'

/** One run of the suite looks at the same texts as the next, so that what fails is the change; faults looks at new ones. */
fc.configureGlobal({ seed: 20_261_129 })
