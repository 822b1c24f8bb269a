#include "tests/torture/machine.h"

namespace fasti::torture {

std::vector<std::unique_ptr<Machine>> AllMachines() {
  std::vector<std::unique_ptr<Machine>> machines;
  machines.push_back(MakeKillMachine());
  machines.push_back(MakePowerMachine());
  machines.push_back(MakeFaultMachine());
  machines.push_back(MakeFullDiskMachine());
  machines.push_back(MakeMemoryMachine());
  machines.push_back(MakeModelMachine());
  machines.push_back(MakeHistoryMachine());
  machines.push_back(MakeDamageMachine());
  machines.push_back(MakeSalvageMachine());
  machines.push_back(MakeBackupMachine());
  machines.push_back(MakeImportMachine());
  return machines;
}

}  // namespace fasti::torture
