set(units apart)  # Boost for the server alone
