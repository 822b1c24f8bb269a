#pragma once

#include <functional>
#include <string>

namespace fasti::torture {

// The main program of a child of Specimens: damages copies of a database, and prints what `read`
// says of each.
int DamageLoop(int argc, char** argv,
               const std::function<std::string(const std::string& copy)>& read);

}  // namespace fasti::torture
