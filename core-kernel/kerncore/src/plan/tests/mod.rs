//! Objects made for the purpose: what is accepted, what is refused, what is written.

mod accepted;
mod hostile;
mod refused;
mod sample;
