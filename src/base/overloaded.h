#pragma once

namespace signet {

/// One visitor from several lambdas: std::visit(Overloaded{...}, variant).
template <typename... Callables>
struct Overloaded : Callables... {
  using Callables::operator()...;
};
template <typename... Callables>
Overloaded(Callables...) -> Overloaded<Callables...>;

}  // namespace signet
