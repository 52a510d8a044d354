module.exports = [
  { type: 'input', name: 'warmup', message: 'What stands out to you about this standard and why?' },
]
